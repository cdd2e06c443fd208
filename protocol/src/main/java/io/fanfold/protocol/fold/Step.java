package io.fanfold.protocol.fold;

/**
 * An associative operation, lane by lane. Each is a loop of its own, which the JIT can vectorise; nothing in it is called through
 * an interface.
 */
@FunctionalInterface
interface Step<A> {
    /** The first {@code count} lanes of {@code into} take in those of {@code from}. */
    void fold(A into, A from, int count);
}
