package io.fanfold.worker.function;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The dtypes that a function takes, by NumPy's names, each with the one it answers; built in the order people see. */
final class Dtypes {
    static final List<String> INTEGERS =
            List.of("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64");
    static final List<String> FLOATS = List.of("float16", "float32", "float64");
    static final List<String> COMPLEX = List.of("complex64", "complex128");

    private final Map<String, String> answers = new LinkedHashMap<>();

    /** Takes these and answers each in itself. */
    Dtypes same(List<String> taken) {
        taken.forEach(name -> answers.put(name, name));
        return this;
    }

    /** Takes these and answers them all in one. */
    Dtypes to(String answered, String... taken) {
        for (String name : taken) {
            answers.put(name, answered);
        }
        return this;
    }

    Map<String, String> map() {
        return Collections.unmodifiableMap(answers);
    }
}
