package io.fanfold.protocol.fold;

import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.DType.Kind;
import java.util.Locale;
import java.util.OptionalInt;

/** What the folds that come with Fanfold compute, each as NumPy's function. */
enum Operation {
    SUM("np.sum", false, true) {
        @Override
        Way<?> way(DType outcome) {
            return switch (outcome.kind()) {
                case FLOAT -> reals(outcome, DoubleSteps::sum, OptionalInt.of(0));
                case COMPLEX -> pairs(outcome, DoubleSteps::sum, OptionalInt.of(0));
                case TIMEDELTA -> times(outcome, LongSteps::sumOfTimes, OptionalInt.of(0));
                default -> wide(outcome, LongSteps::sum, 0);
            };
        }
    },
    PROD("np.prod", false, false) {
        @Override
        Way<?> way(DType outcome) {
            return switch (outcome.kind()) {
                case FLOAT -> reals(outcome, DoubleSteps::product, OptionalInt.of(1));
                case COMPLEX -> pairs(outcome, DoubleSteps::complexProduct, OptionalInt.of(1));
                default -> wide(outcome, LongSteps::product, 1);
            };
        }
    },
    MIN("np.min", true, true) {
        @Override
        Way<?> way(DType outcome) {
            return switch (outcome.kind()) {
                case FLOAT -> same(outcome, Kernel.ofDoubles(DoubleSteps::min, 1, OptionalInt.empty()));
                case COMPLEX -> same(outcome, Kernel.ofDoubles(DoubleSteps::complexMin, 2, OptionalInt.empty()));
                case UINT -> same(outcome, Kernel.ofLongs(LongSteps::minUnsigned, OptionalInt.empty()));
                default -> same(outcome, Kernel.ofLongs(LongSteps::min, OptionalInt.empty()));
            };
        }
    },
    MAX("np.max", true, true) {
        @Override
        Way<?> way(DType outcome) {
            return switch (outcome.kind()) {
                case FLOAT -> same(outcome, Kernel.ofDoubles(DoubleSteps::max, 1, OptionalInt.empty()));
                case COMPLEX -> same(outcome, Kernel.ofDoubles(DoubleSteps::complexMax, 2, OptionalInt.empty()));
                case UINT -> same(outcome, Kernel.ofLongs(LongSteps::maxUnsigned, OptionalInt.empty()));
                case DATETIME, TIMEDELTA -> times(outcome, LongSteps::maxOfTimes, OptionalInt.empty());
                default -> same(outcome, Kernel.ofLongs(LongSteps::max, OptionalInt.empty()));
            };
        }
    },
    MEAN("np.mean", false, true) {
        @Override
        Way<?> way(DType outcome) {
            return switch (outcome.kind()) {
                case BOOL, INT, UINT ->
                    new Way<>(Kernel.ofDoubles(DoubleSteps::sum, 1, OptionalInt.of(0)), Way.FLOAT64, Way.FLOAT64);
                default -> SUM.way(outcome);
            };
        }
    },
    ANY("np.any", true, true) {
        @Override
        Way<?> way(DType outcome) {
            return new Way<>(Kernel.ofTruth(LongSteps::max, 0), BOOL, BOOL);
        }
    },
    ALL("np.all", true, true) {
        @Override
        Way<?> way(DType outcome) {
            return new Way<>(Kernel.ofTruth(LongSteps::min, 1), BOOL, BOOL);
        }
    },
    COUNT("np.count_nonzero", true, true) {
        @Override
        Way<?> way(DType outcome) {
            return new Way<>(Kernel.ofTruth(LongSteps::sum, 0), INT64, INT64);
        }
    };

    private static final DType BOOL = DType.of(Kind.BOOL, 1);
    private static final DType INT64 = DType.of(Kind.INT, 8);
    private static final DType UINT64 = DType.of(Kind.UINT, 8);

    private final String numpy;
    private final boolean dates;
    private final boolean durations;

    Operation(String numpy, boolean dates, boolean durations) {
        this.numpy = numpy;
        this.dates = dates;
        this.durations = durations;
    }

    /** Its name in NumPy. */
    String numpy() {
        return numpy;
    }

    /** What a job calls it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it takes such elements. */
    boolean takes(DType outcome) {
        return switch (outcome.kind()) {
            case BOOL, INT, UINT, FLOAT, COMPLEX -> true;
            case DATETIME -> dates;
            case TIMEDELTA -> durations;
            case BYTES, UNICODE, VOID, STRUCT -> false;
        };
    }

    /** What it takes, for a person. */
    String taken() {
        return "bool, integers, floats, complex numbers" + (dates ? ", datetime64" : "")
                + (durations ? ", timedelta64" : "");
    }

    /** How it folds outcomes of a dtype that it takes. */
    abstract Way<?> way(DType outcome);

    private static Way<?> wide(DType outcome, Step<long[]> step, int identity) {
        DType sums = outcome.kind() == Kind.UINT ? UINT64 : INT64;
        return new Way<>(Kernel.ofLongs(step, OptionalInt.of(identity)), sums, sums);
    }

    private static Way<?> reals(DType outcome, Step<double[]> step, OptionalInt identity) {
        return new Way<>(Kernel.ofDoubles(step, 1, identity), Way.FLOAT64, outcome.littleEndian());
    }

    private static Way<?> pairs(DType outcome, Step<double[]> step, OptionalInt identity) {
        return new Way<>(Kernel.ofDoubles(step, 2, identity), Way.COMPLEX128, outcome.littleEndian());
    }

    private static Way<?> times(DType outcome, Step<long[]> step, OptionalInt identity) {
        return same(outcome, Kernel.ofLongs(step, identity));
    }

    private static Way<?> same(DType outcome, Kernel<?> kernel) {
        return new Way<>(kernel, outcome.littleEndian(), outcome.littleEndian());
    }
}
