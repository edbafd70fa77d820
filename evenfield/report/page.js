// Draws every figure of the page; for paper, at the width of paper.
"use strict";
const PAPER = 690;
const PAPER_MAP = 365;
const drawn = [];
for (const source of document.querySelectorAll('script[type="application/json"]')) {
  const place = document.getElementById(source.dataset.for);
  const figure = JSON.parse(source.textContent);
  const isMap = source.dataset.for.startsWith("plot-map");
  const config = {
    responsive: true,
    displaylogo: false,
    displayModeBar: isMap || "picture" in source.dataset,
    modeBarButtons: [isMap ? ["zoomIn2d", "zoomOut2d", "resetScale2d", "toImage"] : ["toImage"]],
  };
  Plotly.newPlot(place, figure.data, figure.layout, config);
  drawn.push({ place, isMap, height: figure.layout.height });
}
addEventListener("beforeprint", () => {
  for (const { place, isMap, height } of drawn) {
    Plotly.relayout(place, { width: PAPER, height: isMap ? PAPER_MAP : height });
  }
});
addEventListener("afterprint", () => {
  for (const { place, height } of drawn) Plotly.relayout(place, { width: null, height, autosize: true });
});
