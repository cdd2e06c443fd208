package io.fanfold.producer.source;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.DType.Kind;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The dtypes of arrays that come as text: bool, int8 to 64, uint8 to 64, and float16 to 64. */
public final class NumberType {
    /** What numbers are read as where nothing else is asked for. */
    public static final DType DEFAULT = DType.of(Kind.FLOAT, Double.BYTES);

    private static final Set<Kind> KINDS = EnumSet.of(Kind.BOOL, Kind.INT, Kind.UINT, Kind.FLOAT);

    private static final Map<String, DType> NAMED = Stream.of(
                    "b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8")
            .map(DType::parse)
            .collect(Collectors.toUnmodifiableMap(DType::name, type -> type));

    private NumberType() {}

    /**
     * The dtype of a name: NumPy's ({@code float32}), Python's ({@code int}), or as {@code dtype.descr} has it ({@code >f8}).
     *
     * @throws InvalidRequestException if it is none of these
     */
    public static DType parse(String name) {
        DType type = switch (name) {
            case "float" -> DEFAULT;
            case "int" -> DType.of(Kind.INT, Long.BYTES);
            default -> NAMED.containsKey(name) ? NAMED.get(name) : described(name);
        };
        return require(type);
    }

    private static DType described(String name) {
        try {
            return DType.parse(name);
        } catch (ArrayFormatException e) {
            throw new InvalidRequestException(refusal(name), e);
        }
    }

    /**
     * The same dtype, if it is one of these.
     *
     * @throws InvalidRequestException if not
     */
    static DType require(DType type) {
        if (!KINDS.contains(type.kind())) {
            throw new InvalidRequestException(refusal(type.name()));
        }
        return type;
    }

    private static String refusal(String name) {
        return "dtype is " + Quoted.of(name)
                + "; numbers that come as text can be bool, int8 to int64, uint8 to uint64,"
                + " or float16 to float64: send others as .npy";
    }
}
