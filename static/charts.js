/* Draws a chart beside the table it is read from: <div data-chart="bars|stack|lines" data-table="its id">.

   A column's <th data-series="name" data-colour="brand"> makes it a series; the first cell of a row is its label; a link in
   a cell is where a press on its bar leads. Series differ by pattern, dash and symbol as well as by colour. Without this
   script the table says everything. */
(() => {
  "use strict";
  if (!window.echarts) return;

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const number = (cell) => { const text = cell.textContent.trim(); return text === "" || text === "—" ? null : Number(text); };

  function read(table) {
    const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
    const rows = [...table.tBodies[0].rows].filter((row) => row.cells.length === heads.length);
    const series = heads.map((head, column) => ({ head, column })).filter(({ head }) => head.dataset.series);
    return {
      labels: rows.map((row) => row.cells[0].textContent.trim()),
      series: series.map(({ head, column }) => ({
        name: head.dataset.series,
        colour: colour(head.dataset.colour || "brand"),
        values: rows.map((row) => number(row.cells[column])),
        urls: rows.map((row) => row.cells[column].querySelector("a")?.href),
      })),
    };
  }

  function inWords(title, data) {
    const lines = data.labels.slice(0, 12).map((label, row) =>
      `${label} ${data.series.map((one) => `${one.name} ${one.values[row] ?? "无"}`).join("，")}`);
    return `${title}。${lines.join("；")}${data.labels.length > 12 ? "；其余见表" : ""}。`;
  }

  const DASHES = ["solid", "dashed", "dotted", [8, 3, 2, 3]];
  const SYMBOLS = ["circle", "triangle", "rect", "diamond"];
  const STRIPES = { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: -Math.PI / 4, color: "rgba(255,255,255,.55)" };
  const text = () => ({ color: colour("ink-2"), fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12 });

  function frame(title, data) {
    return {
      animation: false,
      textStyle: text(),
      aria: { enabled: true, label: { description: inWords(title, data) } },
      color: data.series.map((one) => one.colour),
      legend: { top: 0, left: 0, itemWidth: 18, itemHeight: 10, itemGap: 14, textStyle: text(), selectedMode: false },
      grid: { top: 30, left: 4, right: 34, bottom: 4, containLabel: true },
      tooltip: { trigger: "axis", renderMode: "richText", confine: true, axisPointer: { type: "none" } },
    };
  }

  const plain = { axisTick: { show: false }, splitLine: { lineStyle: { color: "#e2e7ee" } } };
  const counts = { type: "value", minInterval: 1, axisLabel: text(), ...plain };
  const names = (labels) => ({ type: "category", data: labels, axisLabel: text(), axisTick: { show: false }, axisLine: { lineStyle: { color: "#c9d1dc" } } });

  // Stages or places one below the other; the parts of a bar add up.
  function bars(data) {
    const total = data.labels.map((_, row) => data.series.reduce((sum, one) => sum + (one.values[row] || 0), 0));
    const series = data.series.map((one, place) => ({
      name: one.name, type: "bar", stack: "all", barMaxWidth: 16, data: one.values,
      itemStyle: { decal: place % 2 ? STRIPES : null },
      label: {
        show: place === data.series.length - 1, position: "right", color: colour("ink"),
        formatter: ({ dataIndex }) => `${total[dataIndex]}`,
      },
    }));
    // No tooltip: in a narrow chart it would lie over the bar that is to be pressed, and the table says the same.
    return { xAxis: { ...counts, show: false }, yAxis: { ...names(data.labels), inverse: true }, tooltip: { show: false }, series };
  }

  // Days from left to right: the table has the newest first.
  function lines(data) {
    const series = data.series.map((one, place) => ({
      name: one.name, type: "line", data: [...one.values].reverse(),
      symbol: SYMBOLS[place % 4], symbolSize: 6, showSymbol: one.values.length < 15,
      lineStyle: { width: 2, type: DASHES[place % 4] },
      endLabel: { show: true, formatter: "{c}", color: one.colour, fontSize: 12 }, labelLayout: { moveOverlap: "shiftY" },
    }));
    return { xAxis: { ...names([...data.labels].reverse()), boundaryGap: false }, yAxis: counts, series };
  }

  // Places with nothing to show would only make the bars thinner.
  function worth(data) {
    const kept = data.labels.map((_, row) => row).filter((row) => data.series.some((one) => one.values[row]));
    const pick = (list) => kept.map((row) => list[row]);
    return { labels: pick(data.labels), series: data.series.map((one) => ({ ...one, values: pick(one.values), urls: pick(one.urls) })) };
  }

  for (const place of document.querySelectorAll("[data-chart]")) {
    const kind = place.dataset.chart;
    const whole = read(document.getElementById(place.dataset.table));
    const data = kind === "stack" ? worth(whole) : whole;
    if (!data.labels.length) continue;
    place.classList.add("is-drawn");
    place.style.height = kind === "lines" ? "220px" : `${44 + 26 * data.labels.length}px`;
    const chart = echarts.init(place, null, { renderer: "svg" });
    chart.setOption({ ...frame(place.dataset.label, data), ...(kind === "lines" ? lines : bars)(data) });
    chart.on("click", ({ seriesIndex, dataIndex }) => {
      const url = kind !== "lines" && data.series[seriesIndex].urls[dataIndex];
      if (url) location.href = url;
    });
    new ResizeObserver(() => chart.resize()).observe(place);
    addEventListener("beforeprint", () => chart.resize({ width: 620 }));
    addEventListener("afterprint", () => chart.resize({ width: "auto" }));
  }
})();
