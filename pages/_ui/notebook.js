// Keeps a learner's notes in this browser, and the heading reached. Nothing leaves the computer but to its own app.
const NOTES = "look-it-up-or-learn-it";
const PLACE = `${NOTES}-place`;
const HEADINGS = '[data-testid="stMain"] h2[id], [data-testid="stMain"] h3[id]';
let shown = null; // the lesson on the screen, as long as the page is open

function place(slug) {
  try {
    const kept = JSON.parse(localStorage.getItem(PLACE) ?? "null");
    const valid = kept && kept.slug === slug && /^[\p{L}\p{N}_-]{1,120}$/u.test(String(kept.heading));
    return valid ? kept.heading : null;
  } catch {
    return null;
  }
}

function reached() {
  const passed = [...document.querySelectorAll(HEADINGS)].filter((heading) => heading.getBoundingClientRect().top < 160);
  return passed.length ? passed[passed.length - 1].id : null;
}

function goTo(heading) {
  // The lesson arrives piece by piece, so the heading is followed until it stands still; the reader's own move wins.
  const end = Date.now() + 20_000;
  let still = 0;
  let moved = false;
  const stop = () => (moved = true);
  const moves = ["wheel", "touchstart", "keydown", "mousedown"];
  for (const kind of moves) addEventListener(kind, stop, true);
  const again = setInterval(() => {
    const target = document.getElementById(heading);
    if (target) {
      target.style.scrollMarginTop = "80px";
      const before = target.getBoundingClientRect().top;
      if (!moved) target.scrollIntoView({ block: "start" });
      still = Math.abs(target.getBoundingClientRect().top - before) < 2 ? still + 1 : 0;
    }
    if (moved || still > 20 || Date.now() > end) {
      clearInterval(again);
      for (const kind of moves) removeEventListener(kind, stop, true);
    }
  }, 100);
}

export default function ({ data, setStateValue }) {
  try {
    if (data.text === null) setStateValue("text", localStorage.getItem(NOTES) ?? "");
    else if (data.text === "") [NOTES, PLACE].forEach((name) => localStorage.removeItem(name));
    else localStorage.setItem(NOTES, data.text);
  } catch {
    if (data.text === null) setStateValue("text", false); // storage is switched off
  }
  if (data.slug && data.slug !== shown) {
    const heading = shown === null ? place(data.slug) : null;
    shown = data.slug;
    if (heading) goTo(heading);
    else document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
  }
  let waiting = null;
  const note = () => {
    if (!data.slug || !data.text || waiting) return;
    waiting = setTimeout(() => {
      waiting = null;
      const heading = reached();
      try {
        if (heading) localStorage.setItem(PLACE, JSON.stringify({ slug: data.slug, heading }));
        else if (place(data.slug)) localStorage.removeItem(PLACE);
      } catch {
        // nothing can be kept, and nothing is lost but the place
      }
    }, 400);
  };
  document.addEventListener("scroll", note, true);
  return () => {
    document.removeEventListener("scroll", note, true);
    clearTimeout(waiting);
  };
}
