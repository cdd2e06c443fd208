package io.fanfold.worker.function;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;

/**
 * The loop that calls a function for each number, in a copy for each class of functions.
 *
 * <p>The JIT inlines a call, and vectorises the loop around it, by what it has seen called there. In one loop shared by many
 * functions it has seen too many, and each number costs a call through a table. So every class of functions (each lambda
 * expression is one) gets the loop in a hidden class of its own, which sees no other.
 */
interface ElementLoop {
    void run(DoubleUnaryOperator f, double[] numbers, int count);

    /** The loop of the function's class. Any thread. */
    static ElementLoop of(DoubleUnaryOperator f) {
        return Copies.OF_CLASS.get(f.getClass());
    }

    /** What is copied; not run itself. */
    final class Original implements ElementLoop {
        Original() {}

        @Override
        public void run(DoubleUnaryOperator f, double[] numbers, int count) {
            for (int i = 0; i < count; i++) {
                numbers[i] = f.applyAsDouble(numbers[i]);
            }
        }
    }

    /** The loops there are; each goes when the class that it is for is unloaded. */
    final class Copies extends ClassValue<ElementLoop> {
        private static final Copies OF_CLASS = new Copies();
        private static final byte[] CODE = code();

        @Override
        protected ElementLoop computeValue(Class<?> type) {
            try {
                MethodHandles.Lookup copy = MethodHandles.lookup().defineHiddenClass(CODE, true);
                return (ElementLoop) copy.lookupClass().getDeclaredConstructor().newInstance();
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }

        private static byte[] code() {
            String file = "ElementLoop$Original.class";
            try (InputStream in = Objects.requireNonNull(ElementLoop.class.getResourceAsStream(file), file)) {
                return in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
