/* Guidelines and data card: the words around what the project's makers wrote, in the reader's language. */

import { speak } from "/static/languages.js";

speak("guide.", document.getElementById("language"));
