"use strict";
// Draws what the terminal decided, and nothing of its own. Texts are set as text, never as markup.
const SHAPES = {
  CARD: "M4 16h26a3 3 0 0 1 3 3v18a3 3 0 0 1-3 3H7a3 3 0 0 1-3-3zM4 24h29M9 33h8"
    + "M36 9c3 3 3 9 0 12M41 5c6 6 6 15 0 21",
  TICK: "M24 4a20 20 0 1 0 0 40a20 20 0 1 0 0-40M14 25l7 7 13-15",
  ENTER: "M26 5h17v38H26M4 24h25M20 14l10 10-10 10",
  LEAVE: "M22 5H5v38h17M19 24h25M35 14l10 10-10 10",
  PERSON: "M17 25a7 7 0 1 0 0-14a7 7 0 1 0 0 14M3 44c0-9 5-13 14-13s14 4 14 13"
    + "M30 5h15v12h-8l-5 5v-5h-2z",
  STILL: "M7 10h34a3 3 0 0 1 3 3v22a3 3 0 0 1-3 3H7a3 3 0 0 1-3-3V13a3 3 0 0 1 3-3z"
    + "M19 18v12M29 18v12",
  SPANNER: "M43 13l-7 6-6-1-1-6 6-7c-9-3-18 5-15 15L6 34c-5 5 3 13 8 8l14-14c10 3 18-6 15-15z",
  WAIT: "M24 4a20 20 0 1 0 0 40a20 20 0 1 0 0-40M24 12v12l8 6",
};
// Hertz, start and length in milliseconds. They differ in number, direction and length, not in
// pitch alone; all low enough for ageing ears.
const TONES = {
  READY: [],
  OK: [[660, 0, 180], [880, 200, 180]],
  IN: [[520, 0, 130], [660, 150, 130], [780, 300, 130]],
  OUT: [[780, 0, 130], [660, 150, 130], [520, 300, 130]],
  ASK: [[330, 0, 220], [330, 370, 220], [330, 740, 220]],
  HOLD: [[520, 0, 220]],
  FAULT: [[330, 0, 600], [330, 750, 600]],
};
const VOLUME = 0.25;
const EDGE_SECONDS = 0.008; // a soft start and end, or the loudspeaker clicks
const SILENCE_MAX_MILLIS = 12000; // two signs of life missed, and a bit

const byId = id => document.getElementById(id);
let audio = null;
let lastSerial = null;
let lastHeard = performance.now();
let source = null;

function play(tone) {
  try {
    audio = audio || new AudioContext();
    if (audio.state !== "running") {
      return; // a browser without permission for sound; the picture says it all
    }
    const now = audio.currentTime + 0.01;
    for (const [hertz, start, length] of TONES[tone] || []) {
      const from = now + start / 1000;
      const to = from + length / 1000;
      const note = new OscillatorNode(audio, { frequency: hertz });
      const loudness = new GainNode(audio, { gain: 0 });
      loudness.gain.setValueAtTime(0, from);
      loudness.gain.linearRampToValueAtTime(VOLUME, from + EDGE_SECONDS);
      loudness.gain.setValueAtTime(VOLUME, to - EDGE_SECONDS);
      loudness.gain.linearRampToValueAtTime(0, to);
      note.connect(loudness).connect(audio.destination);
      note.start(from);
      note.stop(to);
    }
  } catch (e) {
    audio = null; // no sound device
  }
}

function draw(state, tone, icon, lang, title, also, detail) {
  const body = document.body;
  document.documentElement.lang = lang;
  body.dataset.state = state;
  body.dataset.tone = tone;
  byId("shape").setAttribute("d", SHAPES[icon] || "");
  byId("title").lang = lang;
  byId("title").textContent = title;
  byId("also").textContent = also ? also.title : "";
  if (also) {
    byId("also").lang = also.lang;
    body.dataset.two = "";
  } else {
    delete body.dataset.two;
  }
  byId("detail").textContent = detail;
}

function show(frame) {
  const s = frame.screen;
  byId("lamps").hidden = !frame.lamps;
  document.body.toggleAttribute("data-lamps", frame.lamps);
  draw(s.state, s.tone, s.icon, s.lang, s.title, s.also, s.detail);
  document.body.dataset.link = "up";
  document.body.dataset.serial = frame.serial;
  // A page that has only just connected shows what was cued before, silently.
  if (lastSerial !== null && frame.serial !== lastSerial) {
    play(s.tone);
  }
  lastSerial = frame.serial;
}

function wait() {
  if (document.body.dataset.link !== "waiting") {
    document.body.dataset.link = "waiting";
    byId("lamps").hidden = true;
    lastSerial = null;
    draw("CONNECTING", "WAIT", "WAIT", "en", "Please wait", { lang: "cy", title: "Arhoswch" }, "");
  }
}

function connect() {
  if (source) {
    source.close();
  }
  lastHeard = performance.now();
  source = new EventSource("/ui/events");
  source.addEventListener("screen", e => {
    lastHeard = performance.now();
    show(JSON.parse(e.data));
  });
  source.addEventListener("beat", () => { lastHeard = performance.now(); });
  source.onerror = wait;
}

// The browser tries again by itself after a lost connection, but not after a refusal, and it does
// not notice a server that is there and says nothing.
setInterval(() => {
  const isSilent = performance.now() - lastHeard > SILENCE_MAX_MILLIS;
  if (isSilent) {
    wait();
  }
  if (isSilent || source.readyState === EventSource.CLOSED) {
    connect();
  }
}, 1000);

wait();
connect();
