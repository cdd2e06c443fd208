package io.fanfold.protocol.plugin;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a plugin can bring, named in {@code META-INF/services/} followed by the type's full name.
 *
 * @param what one word for a person
 * @param remedy what a class has to do to be one
 * @param description what one says of itself; one that cannot say it is refused
 */
public record Service<T>(Class<T> type, String what, String remedy, Function<T, @Nullable Object> description) {
    String file() {
        return "META-INF/services/" + type.getName();
    }
}
