// Keeps a learner's notes in this browser, and the heading reached. Nothing leaves the computer but to its own app.
const NOTES = "look-it-up-or-learn-it";
const PLACE = `${NOTES}-place`;
const HEADINGS = '[data-testid="stMain"] h2[id], [data-testid="stMain"] h3[id]';
let shown = null; // the lesson on the screen, as long as the page is open
let current = null; // what the page said last
let waiting = null;

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
  // The lesson arrives piece by piece, so the heading is followed for a while; the reader's own move wins.
  const end = Date.now() + 20_000;
  const moves = ["wheel", "touchstart", "keydown", "mousedown"];
  let moved = false;
  let left = null; // where this function scrolled to
  const stop = () => (moved = true);
  for (const kind of moves) addEventListener(kind, stop, true);
  const again = setInterval(() => {
    const target = document.getElementById(heading);
    const main = target?.closest('[data-testid="stMain"]');
    if (main && Math.abs(target.getBoundingClientRect().top - 80) > 4) {
      const atEnd = main.scrollTop >= main.scrollHeight - main.clientHeight - 2; // it cannot go further, or it shrank
      if (left !== null && Math.abs(main.scrollTop - left) > 2 && !atEnd) moved = true;
      if (!moved) {
        target.style.scrollMarginTop = "80px";
        target.scrollIntoView({ block: "start" });
        left = main.scrollTop;
      }
    }
    if (moved || Date.now() > end) {
      clearInterval(again);
      for (const kind of moves) removeEventListener(kind, stop, true);
    }
  }, 100);
}

function note() {
  if (!current?.slug || !current.text || waiting) return;
  waiting = setTimeout(() => {
    waiting = null;
    if (!current?.slug || !current.text) return;
    const heading = reached();
    try {
      if (heading) localStorage.setItem(PLACE, JSON.stringify({ slug: current.slug, heading }));
      else if (place(current.slug)) localStorage.removeItem(PLACE);
    } catch {
      // nothing can be kept, and nothing is lost but the place
    }
  }, 400);
}

export default function ({ data, setStateValue }) {
  // Called again with every change of the data, without the end of the call before: what listens is there once.
  if (current === null) document.addEventListener("scroll", note, true);
  current = data;
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
  return () => {
    if (current !== data) return;
    document.removeEventListener("scroll", note, true);
    current = shown = null; // who comes back to the page finds the place again
  };
}
