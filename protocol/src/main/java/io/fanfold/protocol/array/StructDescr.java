package io.fanfold.protocol.array;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Structured dtypes as NumPy's {@code dtype.descr} lists them: {@code (name, descr)} or {@code (name, descr, shape)}
 * for each field in memory order, where a name may be {@code (title, name)} and gaps are fields {@code ('', '|V4')}.
 */
final class StructDescr {
    private StructDescr() {}

    static DType read(Literal.Sequence descr) {
        List<Field> fields = descr.items().stream().map(StructDescr::field).toList();
        refuseRepeatedNames(fields);
        return DType.struct(itemSize(fields), fields);
    }

    private static Field field(Literal literal) {
        if (!(literal instanceof Literal.Tuple(List<Literal> parts)) || parts.size() < 2 || parts.size() > 3) {
            throw wrong(literal);
        }
        Shape shape = parts.size() == 3 ? Shape.of(parts.get(2)) : Shape.of();
        DType type = DType.of(parts.get(1));
        return switch (parts.getFirst()) {
            case Literal.Text(String name) -> new Field(Optional.empty(), name, type, shape);
            case Literal.Tuple(List<Literal> names) -> titled(names, type, shape, literal);
            default -> throw wrong(literal);
        };
    }

    private static Field titled(List<Literal> names, DType type, Shape shape, Literal literal) {
        if (names.size() == 2
                && names.get(0) instanceof Literal.Text(String title)
                && names.get(1) instanceof Literal.Text(String name)) {
            return new Field(Optional.of(title), name, type, shape);
        }
        throw wrong(literal);
    }

    private static void refuseRepeatedNames(List<Field> fields) {
        Set<String> seen = new HashSet<>();
        for (Field field : fields) {
            if (!field.isPadding() && !seen.add(field.name())) {
                throw new ArrayFormatException("the name " + Literal.quote(field.name())
                        + " stands twice among the fields of a structured dtype: rename one of them");
            }
        }
    }

    private static int itemSize(List<Field> fields) {
        long size = 0;
        for (Field field : fields) {
            // each is at most 2^63 - 1 and the sum so far at most 2^31 - 1: a wrapped sum is negative
            size += field.bytes();
            if (size < 0 || size > Integer.MAX_VALUE) {
                throw new ArrayFormatException(
                        "a structured dtype passes 2147483647 bytes, the largest of NumPy, at its field "
                                + field.literal().brief());
            }
        }
        return (int) size;
    }

    private static ArrayFormatException wrong(Literal field) {
        return new ArrayFormatException("the field " + field.brief()
                + " of a structured dtype is not (name, type) or (name, type, shape), where name is a string or two,"
                + " (title, name): write it as NumPy's x.dtype.descr");
    }
}
