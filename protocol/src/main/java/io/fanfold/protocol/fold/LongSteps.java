package io.fanfold.protocol.fold;

/** What is done with integers, which wrap as NumPy's do, and with times, whose NaT is the least of them. */
final class LongSteps {
    /** The bits of {@code NaT}, not a time. */
    static final long NAT = Long.MIN_VALUE;

    private LongSteps() {}

    static void sum(long[] into, long[] from, int count) {
        for (int i = 0; i < count; i++) {
            into[i] += from[i];
        }
    }

    static void product(long[] into, long[] from, int count) {
        for (int i = 0; i < count; i++) {
            into[i] *= from[i];
        }
    }

    /** Of times, too: NaT, the least, wins. */
    static void min(long[] into, long[] from, int count) {
        for (int i = 0; i < count; i++) {
            into[i] = Math.min(into[i], from[i]);
        }
    }

    static void max(long[] into, long[] from, int count) {
        for (int i = 0; i < count; i++) {
            into[i] = Math.max(into[i], from[i]);
        }
    }

    static void minUnsigned(long[] into, long[] from, int count) {
        for (int i = 0; i < count; i++) {
            into[i] = Math.min(into[i] ^ Long.MIN_VALUE, from[i] ^ Long.MIN_VALUE) ^ Long.MIN_VALUE;
        }
    }

    static void maxUnsigned(long[] into, long[] from, int count) {
        for (int i = 0; i < count; i++) {
            into[i] = Math.max(into[i] ^ Long.MIN_VALUE, from[i] ^ Long.MIN_VALUE) ^ Long.MIN_VALUE;
        }
    }

    static void sumOfTimes(long[] into, long[] from, int count) {
        for (int i = 0; i < count; i++) {
            into[i] = into[i] == NAT || from[i] == NAT ? NAT : into[i] + from[i];
        }
    }

    static void maxOfTimes(long[] into, long[] from, int count) {
        for (int i = 0; i < count; i++) {
            into[i] = into[i] == NAT || from[i] == NAT ? NAT : Math.max(into[i], from[i]);
        }
    }
}
