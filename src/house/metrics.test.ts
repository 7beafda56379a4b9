/** The numbers: as Prometheus reads them, one metric a name, and bounded. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openMetrics } from './metrics.ts';

test('counts, sets and observes', async () => {
  const { metrics, text, contentType } = openMetrics();
  metrics.counter('batches_total', 'Closed batches', ['company']).add(2, { company: 'MSFT' });
  metrics.counter('batches_total', 'Closed batches', ['company']).add(3, { company: 'MSFT' });
  metrics.gauge('lag', 'Trades on their way').set(17);
  metrics.histogram('took_seconds', 'How long', [0.1, 1]).observe(0.5);
  const written = await text();
  assert.match(written, /batches_total\{company="MSFT"\} 5/);
  assert.match(written, /^lag 17$/m);
  assert.match(written, /took_seconds_bucket\{le="0\.1"\} 0/);
  assert.match(written, /took_seconds_bucket\{le="1"\} 1/);
  assert.match(contentType, /^text\/plain; version=/);
});

test('tells of the process, and each set of metrics is its own', async () => {
  const written = await openMetrics().text();
  assert.match(written, /process_resident_memory_bytes \d/);
  assert.match(written, /nodejs_eventloop_lag_seconds/);
});

test('a name has one shape', () => {
  const { metrics } = openMetrics();
  metrics.counter('batches_total', 'Closed batches');
  assert.throws(() => metrics.gauge('batches_total', 'Closed batches'), /batches_total is counter\(\) and cannot be gauge\(\)/);
  assert.throws(() => metrics.counter('batches_total', 'Closed batches', ['company']), /cannot be counter\(company\)/);
});

test('label sets without number are counted together, and nothing is lost', async () => {
  const { metrics, text } = openMetrics();
  const counter = metrics.counter('visits_total', 'Visits', ['address']);
  for (let index = 0; index < 2_000; index += 1) counter.add(1, { address: `10.0.${index >> 8}.${index & 255}` });
  const lines = (await text()).split('\n').filter((line) => line.startsWith('visits_total{'));
  assert.equal(lines.length, 501);
  assert.match(lines.at(-1) ?? '', /address="other"\} 1500/);
});
