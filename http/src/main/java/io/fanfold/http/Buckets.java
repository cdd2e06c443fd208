package io.fanfold.http;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many requests each remote address may make: a bucket of tokens for each, which fills up as time goes by and holds those of two
 * seconds. Any thread.
 */
final class Buckets {
    private static final int MOST_ADDRESSES = 10_000;
    private static final double BURST_SECONDS = 2;
    private static final double NANOS = 1e9;

    private final int perSecond;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MOST_ADDRESSES;
        }
    };

    private record Bucket(double tokens, long nanos) {}

    /** @param perSecond 0: there is no limit */
    Buckets(int perSecond) {
        this.perSecond = perSecond;
    }

    int perSecond() {
        return perSecond;
    }

    /** Whether an address may make a request at {@code nanos} of {@link System#nanoTime}. */
    synchronized boolean take(String address, long nanos) {
        if (perSecond == 0) {
            return true;
        }
        double most = BURST_SECONDS * perSecond;
        Bucket bucket = buckets.getOrDefault(address, new Bucket(most, nanos));
        double tokens = Math.min(most, bucket.tokens() + (nanos - bucket.nanos()) / NANOS * perSecond);
        boolean enough = tokens >= 1;
        buckets.put(address, new Bucket(enough ? tokens - 1 : tokens, nanos));
        return enough;
    }
}
