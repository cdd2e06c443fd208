package io.fanfold.protocol.array;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A field of a structured dtype as NumPy's descr lists it, padding (an unnamed void) included.
 *
 * @param title NumPy's title, a second name
 * @param shape of a sub-array, or {@code ()} for a single value
 */
record Field(Optional<String> title, String name, DType type, Shape shape) {

    /** Padding between fields; it has no name, so any number of them may stand in a structure. */
    boolean isPadding() {
        return name.isEmpty() && type.kind() == DType.Kind.VOID;
    }

    long bytes() {
        return type.bytes(shape);
    }

    Field littleEndian() {
        return new Field(title, name, type.littleEndian(), shape);
    }

    Literal literal() {
        Literal plainName = new Literal.Text(name);
        List<Literal> parts = new ArrayList<>();
        parts.add(title.<Literal>map(text -> new Literal.Tuple(List.of(new Literal.Text(text), plainName)))
                .orElse(plainName));
        parts.add(type.literal());
        if (shape.rank() > 0) {
            parts.add(shape.literal());
        }
        return new Literal.Tuple(parts);
    }
}
