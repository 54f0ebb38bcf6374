/** What every page loads. */
import "htmx.org";
import { startIslands } from "./islands";
import "./help";
import "./palette";
import "./rows";
import "./curve";
import "./search";
import "./choose";
import "./grid";
import "./board";
import "./dashboard";
import "./arrange";
import "./complete";

startIslands(document);
document.addEventListener("htmx:after:swap", () => startIslands(document));
