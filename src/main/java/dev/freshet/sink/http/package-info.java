/**
 * A LlamaIndex HTTP service as sink and as search engine. The service splits, embeds and stores;
 * what was sent to it is remembered in a ledger, so that only what changed is sent.
 */
@NullMarked
package dev.freshet.sink.http;

import org.jspecify.annotations.NullMarked;
