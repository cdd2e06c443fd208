package io.fanfold.protocol.fold;

import io.fanfold.protocol.array.Numbers;
import java.util.Arrays;

/** The arrays that a fold computes in: {@code long[]} for integers, bools and times, {@code double[]} for floats. */
interface Lanes<A> {
    Lanes<long[]> LONGS = new Longs();
    Lanes<double[]> DOUBLES = new Doubles();

    A make(int length);

    int length(A lanes);

    /** The lanes from {@code start} (inclusive) to {@code end} (exclusive), in an array of their own. */
    A copy(A lanes, int start, int end);

    /** Every {@code step}th lane, from the first, becomes this. */
    void fill(A lanes, int step, int value);

    void load(Numbers from, A to);

    /** Overwrites all numbers with the first lanes, which are used up. */
    void store(A from, Numbers to);

    /** Integers of any width, exactly; those without sign keep their bits. */
    final class Longs implements Lanes<long[]> {
        @Override
        public long[] make(int length) {
            return new long[length];
        }

        @Override
        public int length(long[] lanes) {
            return lanes.length;
        }

        @Override
        public long[] copy(long[] lanes, int start, int end) {
            return Arrays.copyOfRange(lanes, start, end);
        }

        @Override
        public void fill(long[] lanes, int step, int value) {
            for (int i = 0; i < lanes.length; i += step) {
                lanes[i] = value;
            }
        }

        @Override
        public void load(Numbers from, long[] to) {
            from.load(to);
        }

        @Override
        public void store(long[] from, Numbers to) {
            to.store(from);
        }
    }

    /**
     * Floats of any width, exactly; complex numbers are two. A NaN is stored as the one NaN that Java calls so: which bits an
     * operation makes of it is the processor's and the JIT's affair, and a fold has the same bits everywhere.
     */
    final class Doubles implements Lanes<double[]> {
        @Override
        public double[] make(int length) {
            return new double[length];
        }

        @Override
        public int length(double[] lanes) {
            return lanes.length;
        }

        @Override
        public double[] copy(double[] lanes, int start, int end) {
            return Arrays.copyOfRange(lanes, start, end);
        }

        @Override
        public void fill(double[] lanes, int step, int value) {
            for (int i = 0; i < lanes.length; i += step) {
                lanes[i] = value;
            }
        }

        @Override
        public void load(Numbers from, double[] to) {
            from.load(to);
        }

        @Override
        public void store(double[] from, Numbers to) {
            for (int i = 0; i < to.count(); i++) {
                from[i] = Double.isNaN(from[i]) ? Double.NaN : from[i];
            }
            to.store(from);
        }
    }
}
