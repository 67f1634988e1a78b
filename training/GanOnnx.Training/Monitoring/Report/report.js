'use strict';
// Values under the pointer: a dashed line in all charts, the numbers in the one pointed at.
const charts = [...document.querySelectorAll('.chart')].map(figure => {
  const tip = figure.appendChild(document.createElement('div'));
  tip.className = 'tip';
  tip.hidden = true;
  return { figure, tip, svg: figure.querySelector('svg'), cursor: figure.querySelector('.cursor'), data: JSON.parse(figure.querySelector('script').textContent) };
});

function show(chart, event) {
  const box = chart.svg.getBoundingClientRect();
  const x = (event.clientX - box.left) / box.width * chart.svg.viewBox.baseVal.width; // of a stretched picture
  let nearest = 0;
  chart.data.x.forEach((at, i) => { if (Math.abs(at - x) < Math.abs(chart.data.x[nearest] - x)) nearest = i; });
  for (const other of charts) {
    other.cursor.setAttribute('x1', other.data.x[nearest]);
    other.cursor.setAttribute('x2', other.data.x[nearest]);
    other.cursor.setAttribute('visibility', 'visible');
    other.tip.hidden = other !== chart;
  }
  const lines = [`${chart.data.kimg[nearest].toLocaleString('en')} kimg`,
    ...chart.data.lines.map(line => `${line.name}: ${line.values[nearest] ?? '–'}`)];
  chart.tip.replaceChildren(...lines.flatMap(line => [line, document.createElement('br')]));
  const left = chart.data.x[nearest] / chart.svg.viewBox.baseVal.width * box.width + box.left - chart.figure.getBoundingClientRect().left;
  const fits = left + chart.tip.offsetWidth + 24 < chart.figure.clientWidth;
  chart.tip.style.left = `${fits ? left + 12 : left - chart.tip.offsetWidth - 12}px`;
}

function hide() {
  for (const chart of charts) {
    chart.cursor.setAttribute('visibility', 'hidden');
    chart.tip.hidden = true;
  }
}

for (const chart of charts) {
  chart.svg.addEventListener('pointermove', event => show(chart, event));
  chart.svg.addEventListener('pointerleave', hide);
}

// Samples over time: the slider and the small pictures choose the large one.
const stage = document.getElementById('stage');
if (stage) {
  const small = [...document.querySelectorAll('.strip img')];
  const pictures = [...small, stage].map(image => ({ source: image.src, kimg: image.dataset.kimg, name: image.className }));
  const slider = document.getElementById('time');
  const choose = i => {
    slider.value = i;
    stage.src = pictures[i].source;
    stage.className = pictures[i].name;
    stage.alt = `Samples after ${pictures[i].kimg} thousand images`;
    document.getElementById('when').textContent = `After ${pictures[i].kimg} thousand images.`;
  };
  slider.hidden = pictures.length < 2;
  slider.addEventListener('input', () => choose(Number(slider.value)));
  small.forEach((image, i) => image.addEventListener('click', () => choose(i)));
}

// While the run is trained the page looks for a newer one, unless an earlier picture is being looked at.
const { reload, written, patience } = document.body.dataset;
if (reload) {
  const timer = setInterval(() => {
    const slider = document.getElementById('time');
    if (document.hidden || (slider && slider.value !== slider.max)) return;
    if (Date.now() / 1000 - written < patience) { location.reload(); return; }
    clearInterval(timer);
    document.getElementById('live').textContent = 'The run has written nothing for long: it was ended from outside.';
  }, reload * 1000);
}
