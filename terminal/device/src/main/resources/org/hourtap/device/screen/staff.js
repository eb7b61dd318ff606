"use strict";
// Places the sentences the terminal made. Texts are set as text, never as markup.
const SILENCE_MAX_MILLIS = 12000; // two signs of life missed, and a bit
const EMPTY = {
  all: "Nobody has tapped here yet today.",
  declined: "Nobody was asked to see staff today.",
  waiting: "None of today's taps is waiting.",
};
const byId = id => document.getElementById(id);
let page = null;
let filter = "all";
let source = null;
let lastHeard = performance.now();

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) {
    made.className = className;
  }
  return made;
}

function row(tap) {
  const made = document.createElement("tr");
  made.className = tap.declined ? "declined" : "";
  const what = element("td", tap.what, "what");
  if (tap.reason) {
    what.append(element("span", tap.reason, "reason"));
  }
  made.append(
    element("td", tap.time),
    element("td", tap.card),
    what,
    element("td", tap.hours),
    element("td", tap.atHub ? "at the hub" : "waiting", tap.atHub ? "sent" : "unsent"));
  return made;
}

function isListed(tap) {
  return filter === "all" || (filter === "declined" ? tap.declined : !tap.atHub);
}

// Unchanged text is left alone, or screen readers would say it again.
function say(id, text, needsAttention) {
  const fact = byId(id);
  if (fact.textContent !== text) {
    fact.textContent = text;
  }
  fact.classList.toggle("attention", needsAttention);
}

function draw() {
  byId("venue").textContent = page.venue;
  say("link", page.link, !page.linkUp);
  say("waiting", page.waiting, !page.allSent);
  const troubles = byId("troubles");
  if (troubles.childElementCount !== page.troubles.length
      || page.troubles.some((t, i) => troubles.children[i].textContent !== t)) {
    troubles.replaceChildren(...page.troubles.map(t => element("li", t)));
  }
  troubles.hidden = page.troubles.length === 0;
  const listed = page.taps.filter(isListed);
  byId("rows").replaceChildren(...listed.map(row));
  byId("taps").hidden = listed.length === 0;
  byId("empty").hidden = listed.length !== 0;
  byId("empty").textContent = EMPTY[filter];
  byId("more").textContent = page.more;
  document.body.dataset.link = "up";
}

function lost() {
  document.body.dataset.link = "down";
  say("link", "This terminal does not answer. The page tries again by itself.", true);
}

function connect() {
  if (source) {
    source.close();
  }
  lastHeard = performance.now();
  source = new EventSource("/staff/events");
  source.addEventListener("staff", e => {
    lastHeard = performance.now();
    page = JSON.parse(e.data);
    draw();
  });
  source.addEventListener("beat", () => { lastHeard = performance.now(); });
  source.onerror = lost;
}

for (const button of document.querySelectorAll("#filters button")) {
  button.addEventListener("click", () => {
    filter = button.dataset.filter;
    for (const other of document.querySelectorAll("#filters button")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
    if (page) {
      draw();
    }
  });
}
setInterval(() => {
  const isSilent = performance.now() - lastHeard > SILENCE_MAX_MILLIS;
  if (isSilent) {
    lost();
  }
  if (isSilent || source.readyState === EventSource.CLOSED) {
    connect();
  }
}, 1000);
connect();
