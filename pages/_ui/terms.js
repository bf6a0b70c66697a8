// Explains a linked term where it stands: when pointed at, reached with the keyboard, or touched. Escape closes it.
const LINKS = 'a[href^="#term-"]';

let end = null; // what stops the call before this one, which nobody else does

export default function ({ data, parentElement }) {
  end?.();
  const note = parentElement.querySelector(".term-note");
  let open = null;

  const hide = () => {
    open?.removeAttribute("aria-describedby");
    open = null;
    note.hidden = true;
  };
  const show = (link) => {
    const term = data.terms[link.getAttribute("href").slice("#term-".length)];
    if (!term) return;
    hide();
    open = link;
    note.querySelector("strong").textContent = term.term;
    note.querySelector("span").textContent = term.meaning;
    link.setAttribute("aria-describedby", note.id);
    note.hidden = false;
    put();
  };
  const put = () => {
    const box = open.getBoundingClientRect();
    const width = Math.min(340, innerWidth - 24);
    note.style.width = `${width}px`;
    note.style.left = `${Math.max(12, Math.min(box.left, innerWidth - width - 12))}px`;
    const below = box.bottom + 8;
    note.style.top = `${below + note.offsetHeight < innerHeight ? below : Math.max(8, box.top - note.offsetHeight - 8)}px`;
  };
  const linkOf = (event) => (event.target instanceof Element ? event.target.closest(LINKS) : null);
  const heard = {
    mouseover: (event) => {
      const link = linkOf(event);
      if (link) show(link);
      else if (open && document.activeElement !== open && !note.contains(event.target)) hide();
    },
    focusin: (event) => (linkOf(event) ? show(linkOf(event)) : hide()),
    focusout: () => hide(),
    keydown: (event) => event.key === "Escape" && hide(),
    click: (event) => {
      const link = linkOf(event);
      if (!link) return hide();
      event.preventDefault(); // the meaning is here; there is nowhere to go
      show(link);
    },
    scroll: () => open && put(), // reaching a word with the keyboard scrolls to it
  };
  for (const [kind, hear] of Object.entries(heard)) document.addEventListener(kind, hear, true);
  const stop = () => {
    hide();
    for (const [kind, hear] of Object.entries(heard)) document.removeEventListener(kind, hear, true);
    if (end === stop) end = null;
  };
  end = stop;
  return stop;
}
