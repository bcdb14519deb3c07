// How the cause of each dead letter is mended, as docs/dead-letters.md has it.

const REMEDIES = {
  undecodable: 'The body is not a change event: look who else publishes to the exchange, and discard it.',
  'missing-table': 'Let flattened rows come with a routing key such as public.products, and replay.',
  'missing-key': 'Name the key in freshet.tables.<table>.key, restart, and replay; a delete needs a replica identity.',
  'missing-column': 'Correct the template or the table’s columns, restart, and replay.',
  'unavailable-value': 'Take a snapshot of the row, set the table’s replica identity to full, and replay.',
  'source-restarted': 'Let the queue drain, raise freshet.source-epoch by one, restart, and replay.',
  'partition-truncated': 'Delete the partition’s rows by DELETE, then discard this.',
  'other-source': 'Give each source a feed and an index of its own; if the owner was renamed, raise freshet.source-epoch, restart, and replay.',
  'too-large': 'Raise the size that is named, or keep large columns out of the mapping; restart, and replay.',
  'refused-by-sink': 'Mend what the sink names, and replay.',
  'internal-error': 'A defect of Freshet: the log has the trace. Please report it, and replay after an update.',
  'delivery-limit': 'Raise x-delivery-limit by a policy, and replay.',
  expired: 'Remove the message TTL from the queue, and replay.',
  'max-length': 'Raise or remove x-max-length, and replay.',
  rejected: 'Give the other consumer a queue of its own, and replay.',
};

export const remedy = (reason) => REMEDIES[reason] ?? 'See what is wrong, mend it, and replay.';
