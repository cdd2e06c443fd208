package io.fanfold.cli;

import static io.fanfold.cli.Malformed.joined;
import static io.fanfold.cli.Malformed.latin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Bodies that are no {@code .npy} values, or lie. */
final class MalformedArrays {
    private static final String TARGET = "/v1/jobs?function=identity";

    private final List<Malformed> all = new ArrayList<>();

    private MalformedArrays() {}

    static Stream<Malformed> all() {
        MalformedArrays arrays = new MalformedArrays();
        arrays.notNpy();
        arrays.headers();
        arrays.dtypes();
        arrays.shapes();
        arrays.lengths();
        return arrays.all.stream();
    }

    private void body(String what, byte[] body, String... named) {
        all.add(Malformed.post(what, TARGET, "", body, named));
    }

    private void header(String text, String... named) {
        body("header " + (text.length() > 70 ? text.substring(0, 70) + "..." : text), npy(text, 0), named);
    }

    /** Version 1.0, then this header as it is, then so many zeros. */
    static byte[] npy(String header, int zeros) {
        byte[] text = latin(header);
        byte[] length = {(byte) text.length, (byte) (text.length >> 8)};
        return joined(latin("\u0093NUMPY\1\0"), length, text, new byte[zeros]);
    }

    private static byte[] of(String descr, String shape, int zeros) {
        return npy("{'descr': " + descr + ", 'fortran_order': False, 'shape': " + shape + ", }", zeros);
    }

    private void notNpy() {
        body("no body", new byte[0], "empty");
        body("a word", latin("hello"), "hello", "no .npy value");
        body("a zip, as np.savez writes", latin("PK\3\4 and more"), "PK", "no .npy value");
        body("a pickle", latin("\u0080\4\u0095\5\0\0\0\0\0\0\0]\u0094."), "no .npy value");
        body("HTML", latin("<!doctype html>"), "no .npy value");
        body("zeros", new byte[1000], "no .npy value");
        body("half the magic", latin("\u0093NUM"), "no .npy value");
        body("the magic alone", latin("\u0093NUMPY"), "truncated");
        body("no length", latin("\u0093NUMPY\1\0"), "truncated");
        body("half a length", latin("\u0093NUMPY\1\0\1"), "truncated");
        body("version 0.0", latin("\u0093NUMPY\0\0\1\0{"), "version 0.0");
        body("version 1.1", latin("\u0093NUMPY\1\1\1\0{"), "version 1.1");
        body("version 4.0", latin("\u0093NUMPY\4\0\1\0\0\0{"), "version 4.0");
        body("version 9.0", latin("\u0093NUMPY\u0009\0\1\0\0\0{"), "version 9.0");
        body("version 255.255", latin("\u0093NUMPY\u00ff\u00ff\1\0\0\0{"), "version 255.255");
        body("a header longer than the body", latin("\u0093NUMPY\1\0\u00ff\u00ff{'descr"), "truncated");
        body("a header of 4 GiB", latin("\u0093NUMPY\2\0\u00ff\u00ff\u00ff\u00ff{"), "4294967295 bytes");
        body("a header of 2 MiB", joined(latin("\u0093NUMPY\2\0\0\0\40\0"), new byte[2 << 20]), "2097152 bytes");
        body("a header of nothing", latin("\u0093NUMPY\1\0\0\0"), "header");
        body("a header in no UTF-8", latin("\u0093NUMPY\3\0\2\0\0\0\u00ff\u00fe"), "UTF-8");
        body("text for an array", latin("[1, 2, 3]"), "no .npy value");
    }

    private void headers() {
        for (String none : List.of("[]", "1", "'x'", "(1,)", "None", "True", "-1")) {
            header(none, "no Python dict");
        }
        for (String broken : List.of(
                "{",
                "{'descr'",
                "{'descr': ",
                "{{}}",
                "{'descr': '<f8'",
                "}",
                "'",
                "{'a' 'b'}",
                "nonsense",
                "__import__",
                "{1: 2, ",
                "{'descr': '\\x'}",
                " ")) {
            header(broken, "header");
        }
        header("(".repeat(5000), "header");
        header("{'a':".repeat(3000), "header");
        header("[".repeat(30_000) + "]".repeat(30_000), "header");
        header("{'fortran_order': False, 'shape': (1,)}", "'descr'");
        header("{'descr': '<f8', 'shape': (1,)}", "'fortran_order'");
        header("{'descr': '<f8', 'fortran_order': False}", "'shape'");
        header("{}", "no key");
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'more': 1}", "more keys");
        for (String order : List.of("0", "1", "None", "'C'", "'False'", "(False,)")) {
            header("{'descr': '<f8', 'fortran_order': " + order + ", 'shape': (1,)}", "fortran_order is");
        }
    }

    private void dtypes() {
        for (String object : List.of("'|O'", "'O'", "'|O8'", "'<O8'", "[('a', '|O')]", "[('a', '<f8'), ('b', 'O')]")) {
            body("dtype " + object, of(object, "(2,)", 16), "O");
        }
        for (String unknown : List.of(
                "''",
                "'x'",
                "'<f3'",
                "'<f16'",
                "'<i16'",
                "'<i0'",
                "'<u5'",
                "'<c4'",
                "'|b2'",
                "'<q8'",
                "'<U'",
                "'<S'",
                "'<U-1'",
                "'<U99999999999'",
                "'<M8[xyz]'",
                "'<M8[ns'",
                "'<m8[]'",
                "'f8f8'",
                "'float64'",
                "'<<f8'",
                "' <f8'",
                "'<f 8'")) {
            body("dtype " + unknown, of(unknown, "(2,)", 16), unknown.replace("'", ""));
        }
        for (String none : List.of(
                "1", "None", "True", "('<f8', (2,))", "{'a': 1}", "[1]", "[('a',)]", "[('a', 'b', 'c', 'd')]")) {
            body("dtype " + none, of(none, "(2,)", 16), "descr");
        }
        body("a field twice", of("[('a', '<f8'), ('a', '<f8')]", "(2,)", 32), "'a'", "twice");
        all.add(Malformed.post(
                "a dtype that the function does not take",
                "/v1/jobs?function=sqrt",
                "",
                of("'<U4'", "(2,)", 32),
                "sqrt",
                "str"));
        all.add(Malformed.post(
                "a structure for sqrt", "/v1/jobs?function=sqrt", "", of("[('a', '<f8')]", "(2,)", 16), "sqrt"));
    }

    private void shapes() {
        for (String none : List.of("5", "'x'", "None", "[3]", "(-1,)", "(3, -2)", "('3',)", "((1,),)", "(None,)")) {
            body("shape " + none, of("'<f8'", none, 8), "shape");
        }
        for (String none :
                List.of("{3}", "(3.5,)", "(1e3,)", "(99999999999999999999999,)", "(-9223372036854775809,)")) {
            body("shape " + none, of("'<f8'", none, 8), "header");
        }
        for (String much : List.of(
                "(9223372036854775807, 2)",
                "(4294967296, 4294967296, 4294967296)",
                "(4611686018427387904,)",
                "(2, 9223372036854775807)",
                "(1152921504606846976, 8)")) {
            body("shape " + much, of("'<f8'", much, 8), "64 bits");
        }
        body("a scalar", of("'<f8'", "()", 8), "axis");
        body("rows larger than a message", of("'<f8'", "(3, 400000000)", 64), "row");
    }

    private void lengths() {
        body("no data", of("'<f8'", "(3,)", 0), "truncated");
        body("a byte too few", of("'<f8'", "(3,)", 23), "truncated");
        body("half the data", of("'<f8'", "(300, 2)", 2400), "truncated");
        body("a byte too many", of("'<f8'", "(3,)", 25), "more behind");
        body("two arrays", joined(of("'<f8'", "(3,)", 24), of("'<f8'", "(3,)", 24)), "more behind");
        body("data of an empty array", of("'<f8'", "(0,)", 8), "behind");
        body("garbage behind", joined(of("'<i2'", "(4,)", 8), latin("\n\n\n")), "more behind");
        body("a terabyte, of which 8 bytes come", of("'|u1'", "(1099511627776,)", 8), "truncated");
        byte[] fortran = npy("{'descr': '<f8', 'fortran_order': True, 'shape': (3, 5), }", 119);
        body("Fortran order, a byte too few", fortran, "truncated");
        body("Fortran order, too many", joined(fortran, new byte[9]), "nothing else");
        byte[] good = of("'<f8'", "(30, 5)", 1200);
        all.add(Malformed.post(
                "another axis, truncated", TARGET + "&axis=1", "", Arrays.copyOf(good, good.length - 1), "truncated"));
        all.add(Malformed.post(
                "no gzip, as announced", TARGET, "Content-Encoding: gzip\r\n", good, "Content-Encoding"));
        all.add(Malformed.post(
                "no deflate",
                TARGET,
                "Content-Encoding: deflate\r\n",
                latin("\u00ff\u00ff\u00ff\u00ff"),
                "Content-Encoding"));
    }
}
