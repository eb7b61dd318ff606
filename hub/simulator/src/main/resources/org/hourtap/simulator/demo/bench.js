"use strict";
const $ = id => document.getElementById(id);
let chosen = null;

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== undefined) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter(child => child !== null));
  return element;
}

const hours = minutes => {
  const sign = minutes < 0 ? "−" : "", all = Math.abs(minutes);
  return sign + Math.floor(all / 60) + ":" + String(all % 60).padStart(2, "0") + " h";
};

/* Children are replaced only when what they show changed, so that a focused button stays focused. */
function fill(host, state, build) {
  const key = JSON.stringify(state);
  if (host.dataset.key === key) return;
  host.dataset.key = key;
  const focused = document.activeElement && host.contains(document.activeElement) ? document.activeElement.id : null;
  host.replaceChildren(...build());
  if (focused && $(focused)) $(focused).focus();
}

async function act(path, body) {
  try {
    const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    const json = await answer.json();
    $("said").textContent = json.said || json.detail || "";
  } catch (e) {
    $("said").textContent = "The bench does not answer. Is deploy/demo still running?";
  }
}

function person(it) {
  const input = make("input", { type: "radio", name: "person", value: it.member, id: "p-" + it.member, checked: it.member === chosen,
    onchange: () => { chosen = it.member; } });
  return make("label", {}, input, make("span", {}, it.name), make("span", { class: "hours" }, it.balance === null ? "?" : hours(it.balance)),
    make("small", {}, it.note));
}

function place(it) {
  const tone = !it.running ? "off" : /WELCOME|SHIFT/.test(it.state) ? "ok" : it.state === "READY" ? "calm" : "ask";
  return make("div", { class: "place" },
    make("h3", {}, it.venue), make("p", {}, it.purpose),
    make("div", { class: "screen", "data-tone": tone },
      make("b", {}, it.running ? it.title : "switched off"), make("span", {}, it.running ? it.detail : "")),
    make("button", { class: "main", id: "tap-" + it.terminal, onclick: () => chosen
      ? act("/bench/tap", { terminal: it.terminal, member: chosen })
      : ($("said").textContent = "Take a card first.") }, "Hold the card here"),
    make("div", { class: "row" },
      make("button", { id: "plug-" + it.terminal, onclick: () => act("/bench/plug", { terminal: it.terminal, pulled: !it.pulled }) },
        it.pulled ? "Plug network in" : "Pull network plug"),
      make("button", { id: "power-" + it.terminal, onclick: () => act("/bench/power", { program: it.terminal, run: !it.running }) },
        it.running ? "Kill it" : "Start it")),
    make("dl", {},
      make("dt", {}, "hub"), make("dd", {}, !it.running ? "–" : it.online ? "reached" : "not reached"),
      make("dt", {}, "waiting taps"), make("dd", {}, it.waiting === null ? "?" : String(it.waiting)),
      make("dt", {}, "welcomed / posted"), make("dd", {}, it.welcomed === null ? "?" : it.welcomed + " / " + it.posted)),
    make("p", {}, make("a", { href: it.address, target: "_blank", rel: "noopener" }, "member screen"), " · ",
      make("a", { href: it.address + "staff", target: "_blank", rel: "noopener" }, "staff page")));
}

function hub(it) {
  return [make("dl", {},
      make("dt", {}, "state"), make("dd", {}, it.up ? "running" : "down"),
      make("dt", {}, "all accounts"), make("dd", {}, it.sum === null ? "?" : "sum " + it.sum),
      make("dt", {}, "transfers"), make("dd", {}, it.transfers === null ? "?" : String(it.transfers)),
      make("dt", {}, "findings"), make("dd", {}, it.findings === null ? "?" : String(it.findings))),
    make("div", { class: "row" }, make("button", { id: "power-hub", onclick: () => act("/bench/power", { program: "hub", run: !it.running }) },
      it.running ? "Kill it" : "Start it"))];
}

function row(it) {
  return make("tr", {}, make("td", {}, String(it.number)), make("td", {}, it.reason), make("td", {}, it.from), make("td", {}, it.to),
    make("td", { class: "number" }, String(it.minutes)), make("td", {}, it.terminal));
}

function show(state) {
  $("readers").textContent = state.readers;
  if (chosen === null && state.people.length) chosen = state.people[0].member;
  fill($("people"), state.people, () => state.people.map(person));
  fill($("places"), state.places, () => state.places.map(place));
  fill($("hub"), state.hub, () => hub(state.hub));
  fill($("journal"), state.journal, () => state.journal.map(row));
  $("journal-empty").hidden = state.journal.length > 0;
}

const events = new EventSource("/bench/events");
events.addEventListener("state", event => show(JSON.parse(event.data)));
events.onopen = () => { $("link").textContent = ""; };
events.onerror = () => { $("link").textContent = "The demonstration does not answer."; };
