package io.fanfold.aggregator.web;

import io.fanfold.aggregator.store.Kept;
import io.fanfold.aggregator.store.Results;
import io.fanfold.http.Content;
import io.fanfold.http.KeptResults;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The files of the store, as HTTP serves them. */
@Singleton
@Requires(beans = Results.class)
final class StoreFiles implements KeptResults {
    private final Results results;

    StoreFiles(Results results) {
        this.results = results;
    }

    @Override
    public Optional<Content> find(String name) throws IOException {
        return results.find(name).map(kept -> new StoreFile(results, kept));
    }

    private record StoreFile(Results results, Kept kept) implements Content {
        @Override
        public String name() {
            return kept.name();
        }

        @Override
        public long bytes() {
            return kept.bytes();
        }

        @Override
        public String version() {
            return kept.version();
        }

        @Override
        public InputStream open(long first, long count) throws IOException {
            return results.read(kept, first, count);
        }
    }
}
