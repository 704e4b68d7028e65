/* Coming in: by name and password, by an invitation, or by the one-time link that the terminal shows. */

import { post, setToken } from "./api.js";
import { speak } from "./languages.js";
import { t } from "./strings.js";

const SHORTEST = 8;
const at = (id) => document.getElementById(id);

/** Take the token out of the address bar, so that it is in no history. */
function takeToken() {
  const token = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  return token;
}

let redraw = () => {};

/** Show the form of one of the three ways; `said` gives its words, again after another language was chosen. */
function show(said) {
  redraw = () => draw(said());
  redraw();
  (at("name-part").hidden ? at("password") : at("name")).focus();
}

function draw({ title, told = "", asks = false, twice = false, button }) {
  at("title").textContent = title;
  at("told").textContent = told;
  at("name-part").hidden = !asks;
  at("name").required = asks;
  at("name-label").textContent = t("enter.name");
  at("password-label").textContent = twice ? t("enter.new-password", { n: SHORTEST }) : t("enter.password");
  at("password").autocomplete = twice ? "new-password" : "current-password";
  at("again-part").hidden = !twice;
  at("again").required = twice;
  at("again-label").textContent = t("enter.again");
  at("go").textContent = button;
  at("form").hidden = false;
}

/** Send the form with `send`; errors are shown, and a wait is counted down. */
function answer(send, twice) {
  at("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const password = at("password").value;
    if (twice && password.length < SHORTEST) return fail(t("enter.short", { n: SHORTEST }));
    if (twice && password !== at("again").value) return fail(t("enter.differ"));
    at("go").disabled = true;
    try {
      await send(at("name").value.trim(), password);
      location.replace("/");
    } catch (error) {
      if (error.status === 429) return void wait(error.body.seconds);
      fail(error.status === 401 && !twice ? t("enter.wrong") : error.status ? error.message : t("enter.offline"));
      at("go").disabled = false;
    }
  });
}

function fail(text) {
  at("error").textContent = text;
}

function wait(seconds) {
  fail(t("enter.wait", { n: seconds }));
  if (seconds <= 0) {
    at("go").disabled = false;
    return fail("");
  }
  setTimeout(() => wait(seconds - 1), 1000);
}

async function enter() {
  try {
    const found = await post("/api/enter", { token: takeToken() });
    if (!found.needs_password) return location.replace("/");
    setToken(found.csrf);
    show(() => ({ title: t("enter.welcome", { name: found.person }), told: t("enter.choose"), twice: true, button: t("enter.go") }));
    answer((name, password) => post("/api/password", { password }), true);
  } catch (error) {
    at("told").textContent = error.status === 401 ? t("enter.used") : error.message;
  }
}

async function join() {
  const token = takeToken();
  try {
    const link = await post("/api/invitation", { token });
    show(() => ({
      title: link.name === null ? link.project : `${link.project}: ${link.name}`,
      told: t("enter.invited", { role: t(`enter.role.${link.role}`) }),
      asks: link.name === null,
      twice: true,
      button: t("enter.go"),
    }));
    answer((name, password) => post("/api/join", { token, password, name: link.name === null ? name : null }), true);
  } catch (error) {
    at("told").textContent = error.status === 401 ? t("enter.used") : error.message;
  }
}

function login() {
  show(() => ({ title: t("enter.login"), asks: true, button: t("enter.go") }));
  answer((name, password) => post("/api/login", { name, password }), false);
}

await speak("enter.", at("language"), () => redraw());
({ "/enter": enter, "/join": join }[location.pathname] || login)();
