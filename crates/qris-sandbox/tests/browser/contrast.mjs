// Read by the tests of all pages.

/** The contrast of an element's text with what is behind it, as WCAG 2.2 counts it. */
export function contrast(element) {
  const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
  const luminance = ([red, green, blue]) => {
    const [r, g, b] = [red, green, blue].map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  let ground = element;
  const ofGround = () => channels(getComputedStyle(ground).backgroundColor);
  while (ofGround()[3] === 0) ground = ground.parentElement;
  const [low, high] = [luminance(channels(getComputedStyle(element).color)), luminance(ofGround())].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}
