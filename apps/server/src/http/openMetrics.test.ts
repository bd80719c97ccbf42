import { expect, test } from 'vitest';
import { writeOpenMetrics } from './openMetrics.ts';

test('gauges, counters and histograms are written as OpenMetrics says, and end by its mark', () => {
  const text = writeOpenMetrics([
    {
      name: 'baton_handoffs_open',
      type: 'gauge',
      help: 'Open handoffs.',
      samples: [{ labels: { status: 'queued' }, value: 2 }],
    },
    { name: 'baton_answers', type: 'counter', help: 'a "b"\nc\\', samples: [{ labels: { a: 'x"y\n\\' }, value: 7 }] },
    {
      name: 'baton_late_seconds',
      type: 'histogram',
      help: 'How late.',
      samples: [],
      buckets: { bounds: [0.1, 1], counts: [3, 2, 1], sum: 4.5 },
    },
  ]);
  expect(text).toBe(
    [
      '# TYPE baton_handoffs_open gauge',
      '# HELP baton_handoffs_open Open handoffs.',
      'baton_handoffs_open{status="queued"} 2',
      '# TYPE baton_answers counter',
      '# HELP baton_answers a \\"b\\"\\nc\\\\',
      'baton_answers_total{a="x\\"y\\n\\\\"} 7',
      '# TYPE baton_late_seconds histogram',
      '# HELP baton_late_seconds How late.',
      'baton_late_seconds_bucket{le="0.1"} 3',
      'baton_late_seconds_bucket{le="1"} 5',
      'baton_late_seconds_bucket{le="+Inf"} 6',
      'baton_late_seconds_count 6',
      'baton_late_seconds_sum 4.5',
      '# EOF',
      '',
    ].join('\n'),
  );
});
