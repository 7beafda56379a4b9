/** Looks whether a chart of candles shows any. */

/** Evaluated in the page: how many colours the chart's canvases show together. Without candles it is one, or two with the grid. */
export const coloursDrawn = `(() => {
  const colours = new Set();
  for (const canvas of document.querySelectorAll('.chart-sheet canvas')) {
    if (canvas.width === 0 || canvas.height === 0) continue;
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const pixels = new Uint32Array(copy.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
    for (let at = 0; at < pixels.length; at += 7) colours.add(pixels[at]);
  }
  return colours.size;
})()`;
