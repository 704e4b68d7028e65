"""Runs code that a model wrote where it can do no harm, or not at all.

The processes: this one starts a keeper (`keeper.py`, trusted) that shuts a program in and stays until nothing of it is
left; the program is a driver (`driver.py`) that executes the code and its tests. What shuts it in, best first:

- bubblewrap, where it is installed;
- namespaces of our own: a root folder that holds nothing but Python and the system's libraries, read-only, a `/tmp` in
  memory of limited size, no network but its own loopback, process numbers of its own;
- Landlock alone: files outside the temporary folder cannot be opened, no socket can be made, processes cannot leave
  their group. It needs root (programs then get a user id of their own) or Landlock that scopes signals (Linux 6.12).

Each of them comes with resource limits, a seccomp filter, Landlock where the kernel has it, an empty environment and,
where a cgroup v2 can be made, its limits on memory and processes as a whole; without one the limit on memory is a
process's. Before the first program runs, a probe does what must be refused; where it is not refused, nothing is run.

What this is not: a guard against faults of the kernel, or against a program that is made to cheat its own tests. The
tests run in the program's process, as in every harness of this kind, so it could forge their verdict if it set out to;
leaving early with exit code 0 is not enough. With Landlock alone a file is limited, not the folder, which stays on disk
when macaronic itself is killed with SIGKILL; the other two keep it in memory.
"""
