package io.fanfold.aggregator.web;

import io.fanfold.aggregator.store.Kept;
import io.fanfold.aggregator.store.Results;
import java.io.IOException;
import java.io.InputStream;

/** The body of an answer: some bytes of a file of the store, not yet opened. */
record FileBody(Results results, Kept kept, long first, long bytes) {
    InputStream open() throws IOException {
        return results.read(kept, first, bytes);
    }
}
