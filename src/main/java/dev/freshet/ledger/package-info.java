/**
 * What is remembered of documents, so that the next event is compared with it: their states,
 * failures, how far the source is applied, and notes. The port is {@link
 * dev.freshet.ledger.DocumentLedger}; its adapters stand below {@code store}.
 */
@NullMarked
package dev.freshet.ledger;

import org.jspecify.annotations.NullMarked;
