package io.fanfold.protocol.fold;

/** What is done with floats, where NaN wins, and with complex numbers, two lanes each, which are ordered by their real parts first. */
final class DoubleSteps {
    private DoubleSteps() {}

    static void sum(double[] into, double[] from, int count) {
        for (int i = 0; i < count; i++) {
            into[i] += from[i];
        }
    }

    static void product(double[] into, double[] from, int count) {
        for (int i = 0; i < count; i++) {
            into[i] *= from[i];
        }
    }

    static void min(double[] into, double[] from, int count) {
        for (int i = 0; i < count; i++) {
            into[i] = Math.min(into[i], from[i]);
        }
    }

    static void max(double[] into, double[] from, int count) {
        for (int i = 0; i < count; i++) {
            into[i] = Math.max(into[i], from[i]);
        }
    }

    static void complexProduct(double[] into, double[] from, int count) {
        for (int i = 0; i < count; i += 2) {
            double re = into[i] * from[i] - into[i + 1] * from[i + 1];
            into[i + 1] = into[i] * from[i + 1] + into[i + 1] * from[i];
            into[i] = re;
        }
    }

    /** The first of those that have a NaN in them, as in NumPy. */
    static void complexMin(double[] into, double[] from, int count) {
        for (int i = 0; i < count; i += 2) {
            if (!nan(into, i) && !before(into, from, i)) {
                into[i] = from[i];
                into[i + 1] = from[i + 1];
            }
        }
    }

    static void complexMax(double[] into, double[] from, int count) {
        for (int i = 0; i < count; i += 2) {
            if (!nan(into, i) && !before(from, into, i)) {
                into[i] = from[i];
                into[i + 1] = from[i + 1];
            }
        }
    }

    private static boolean nan(double[] numbers, int i) {
        return Double.isNaN(numbers[i]) || Double.isNaN(numbers[i + 1]);
    }

    /** Whether one is below the other or equal to it; never where one has a NaN in it. */
    private static boolean before(double[] one, double[] other, int i) {
        return !nan(other, i) && (one[i] < other[i] || (one[i] == other[i] && one[i + 1] <= other[i + 1]));
    }
}
