/* Talking to the server: JSON in and out, the CSRF token, and errors that say what happened. */

let token = "";

/** Use this CSRF token from now on. */
export function setToken(csrf) {
  token = csrf || "";
}

/** An answer that is not 2xx; `status` is 0 where there was no answer. */
export class Refused extends Error {
  constructor(status, body) {
    super(body.error || `status ${status}`);
    this.status = status;
    this.body = body;
  }
}

/** GET a JSON value. */
export function get(path) {
  return ask(path, {});
}

/** POST a JSON value; `keepalive` lets it outlive the page. */
export function post(path, body, keepalive = false) {
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": token };
  return ask(path, { method: "POST", headers, body: JSON.stringify(body), keepalive });
}

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(path, { credentials: "same-origin", cache: "no-store", ...options });
  } catch (error) {
    throw new Refused(0, { error: String(error) });
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, body);
  return body;
}
