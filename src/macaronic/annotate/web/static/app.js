/* The start: strings, project, first sentence; then keys and pointers do the rest. */

import { Refused, post } from "./api.js";
import { Desk } from "./desk.js";
import { drawSaved, drawTop } from "./frame.js";
import { listen } from "./keys.js";
import { Page } from "./page.js";
import { loadStrings, t } from "./strings.js";
import { touch } from "./touch.js";

async function start() {
  const lang = await loadStrings();
  let page = null;
  let last = null;
  const desk = new Desk({
    saved: (state) => {
      last = state;
      if (page) drawSaved(state);
    },
    counts: () => page && drawTop(page),
    arrived: () => page && arrived(page),
  });
  await desk.start();
  page = new Page(desk, lang);
  page.logout = () => logout(desk);
  desk.next();
  page.show();
  if (last) drawSaved(last);
  listen(page);
  touch(page);
  addEventListener("dismiss-refused", () => desk.outbox.dismiss());
  document.getElementById("sentence").focus({ preventScroll: true });
  document.body.dataset.ready = "yes";
}

/** Items came: show one if the desk is empty, else only what comes next. */
function arrived(page) {
  if (!page.held) {
    page.desk.next();
    page.show();
  } else document.getElementById("after").textContent = page.desk.coming ? t("next", { text: `\u2068${page.desk.coming}\u2069` }) : "";
}

/** Leave, but not before everything is saved. */
async function logout(desk) {
  await desk.outbox.flush();
  if (desk.outbox.pending().length && !confirm(t("top.unsaved"))) return;
  await post("/api/logout", {}).catch(() => {});
  location.href = "/login";
}

start().catch((error) => {
  if (error instanceof Refused && error.status === 401) location.href = "/login";
  else document.getElementById("sentence").textContent = `${t("trouble.start")} ${error.message}`;
});
