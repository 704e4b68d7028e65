"""What people read: terminal tables, SVG charts, self-contained HTML pages, data and model cards.

Everything here is a pure function from plain data (`BuildReport`, `Result`) to text, so the same data give the same
bytes. Nothing reads a clock, the network or the name of the machine.
"""
