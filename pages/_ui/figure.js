// A picture of our own in the page itself, so that its ink takes the colour of the text around it.
const watched = new WeakSet();

export default function ({ data, parentElement }) {
  const holder = parentElement.querySelector(".figure");
  const parsed = new DOMParser().parseFromString(data.svg, "image/svg+xml");
  const svg = document.importNode(parsed.documentElement, true);
  for (const name of ["width", "height"]) svg.removeAttribute(name);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", data.alt);
  holder.replaceChildren(svg);
  const reach = () => {
    // On a phone the picture keeps a size that can be read, and moves sideways, also with the keyboard.
    if (holder.scrollWidth > holder.clientWidth + 1) holder.tabIndex = 0;
    else holder.removeAttribute("tabindex");
  };
  if (!watched.has(holder)) new ResizeObserver(reach).observe(holder); // it goes with its holder
  watched.add(holder);
}
