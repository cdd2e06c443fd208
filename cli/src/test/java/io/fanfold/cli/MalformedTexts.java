package io.fanfold.cli;

import static io.fanfold.cli.Malformed.latin;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** CSV and JSON that are no arrays, and bodies of other types. */
final class MalformedTexts {
    private static final String TARGET = "/v1/jobs?function=identity";
    private static final byte[] GOOD =
            MalformedArrays.npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", 8);

    private final List<Malformed> all = new ArrayList<>();

    private MalformedTexts() {}

    static Stream<Malformed> all() {
        MalformedTexts texts = new MalformedTexts();
        texts.csv();
        texts.csvOptions();
        texts.json();
        texts.jsonNumbers();
        texts.types();
        return texts.all.stream();
    }

    private void csv(String options, String body, String... named) {
        all.add(Malformed.post(
                "CSV " + options + " " + (body.length() > 40 ? body.length() + " bytes" : body.replace("\n", "|")),
                TARGET + options,
                "Content-Type: text/csv\r\n",
                latin(body),
                named));
    }

    private void json(String options, String body, String... named) {
        all.add(Malformed.post(
                "JSON " + options + " " + (body.length() > 40 ? body.substring(0, 40) + "..." : body),
                TARGET + options,
                "Content-Type: application/json\r\n",
                latin(body),
                named));
    }

    private void csv() {
        csv("", "", "empty");
        csv("", "a,b\n1,2\n", "line 1", "a");
        csv("", "1,2\n3\n", "line 2", "1 column");
        csv("", "1,2\n3,4,5\n", "line 2", "3 columns");
        csv("", "1,,2\n", "line 1");
        csv("", "1,2\n3,x\n", "line 2", "x");
        csv("", "1;2\n", "line 1", "1;2");
        csv("", "1 2\n", "line 1", "1 2");
        csv("", "0x10\n", "line 1", "0x10");
        csv("", "1_000\n", "line 1", "1_000");
        csv("", "\"1\"\n", "line 1");
        csv("", "1e\n", "line 1", "1e");
        csv("", "--1\n", "line 1", "--1");
        csv("", "1\n2\n\u00ff\n", "line 3");
        csv("", "1\n2\0\n", "line 2");
        csv("", "1,2,\n", "line 1");
        csv("", "true\n", "line 1", "true");
        csv("&dtype=int32", "1.5\n", "line 1", "1.5");
        csv("&dtype=int8", "300\n", "line 1", "300");
        csv("&dtype=uint8", "-1\n", "line 1", "-1");
        csv("&dtype=int64", "9223372036854775808\n", "line 1");
        csv("&dtype=int64", "nan\n", "line 1", "nan");
        csv("&dtype=bool", "2\n", "line 1", "2");
        csv("&axis=1", "1,2\n3\n", "line 2", "1 column");
        csv("", "1,2\n".repeat(20_000) + "1\n", "line 20001");
    }

    private void csvOptions() {
        csv("&dtype=object", "1\n", "object");
        csv("&dtype=float128", "1\n", "float128");
        csv("&dtype=str", "1\n", "str");
        csv("&dtype=", "1\n", "dtype");
        csv("&dtype=complex128", "1\n", "complex128");
        csv("&delimiter=", "1\n", "delimiter");
        csv("&delimiter=ab", "1\n", "delimiter", "ab");
        csv("&delimiter=5", "1\n", "delimiter", "5");
        csv("&delimiter=-", "1\n", "delimiter");
        csv("&delimiter=%0A", "1\n", "delimiter");
        csv("&delimiter=%F0%9F%98%80", "1\n", "delimiter");
        csv("&skip-rows=-1", "1\n", "skip-rows", "-1");
        csv("&skip-rows=x", "1\n", "skip-rows", "x");
        csv("&skip-rows=1.5", "1\n", "skip-rows");
        csv("&axis=1", "1\n2\n", "axis 1");
        csv("&axis=7", "1,2\n", "axis 7");
    }

    private void json() {
        json("", "", "empty");
        for (String none : List.of(
                "{}", "5", "\"x\"", "null", "true", "{\"a\": 1, \"a\": 2}", "{\"uri\": \"file:///etc/passwd\"}")) {
            json("", none, "array");
        }
        for (String broken : List.of(
                "[",
                "[1",
                "[1,",
                "[1,]",
                "[,1]",
                "[1 2]",
                "[[1,2],[3,4]",
                "[01]",
                "[+1]",
                "[1.]",
                "[tru]",
                "['1']",
                "[1]]",
                "[1] [2]",
                "[1] x",
                "[1]{}",
                "[/* a */ 1]",
                "[1}",
                "\u00ff[1]",
                "[--1]")) {
            json("", broken, "JSON");
        }
        json("", "[[1,2],[3]]", "row");
        json("", "[\"\\ud800\"]", "[0] is");
        json("", "[[1],2]", "[1] is no array");
        json("", "[1,[2]]", "[1] is an array");
        json("", "[[1,2],[3,[4]]]", "[1][1] is an array");
        json("", "[1,null]", "null");
        json("", "[1,\"x\"]", "x");
        json("", "[1,{}]", "[1] is");
        json("", "[1,{\"a\":1,\"a\":2}]", "[1] is");
        json("", "[true,2]", "true");
        json("", "[".repeat(100) + "1" + "]".repeat(100), "nested deeper");
        json("", "[".repeat(2000), "nested deeper");
        json("", "[".repeat(500_000), "nested deeper");
        json("", "[{\"a\":".repeat(10_000), "[0] is");
        json("&delimiter=;", "[1]", "delimiter");
        json("&skip-rows=1", "[1]", "skip-rows");
        json("&dtype=object", "[1]", "object");
        json("&dtype=nonsense", "[1]", "nonsense");
        json("&axis=1", "[1]", "axis 1");
    }

    private void jsonNumbers() {
        json("&dtype=int32", "[1.5]", "1.5");
        json("&dtype=int32", "[2147483648]", "2147483648");
        json("&dtype=uint8", "[300]", "300");
        json("&dtype=uint8", "[-1]", "-1");
        json("&dtype=bool", "[2]", "2");
        json("&dtype=int64", "[9223372036854775808]", "9223372036854775808");
        json("&dtype=int64", "[1e999999999]", "1e999999999");
        json("&dtype=int64", "[" + "9".repeat(100_000) + "]", "first row");
        json("", "[" + "9".repeat(100_000) + "]", "first row");
        json("", "[\"Nan\"]", "Nan");
        json("", "[\"1\"]", "1");
        json("&dtype=int32", "[NaN]", "NaN");
        json("&dtype=float16", "[1e10]", "1e10");
    }

    private void types() {
        for (String type :
                List.of("text/plain", "image/png", "application/xml", "text/html", "application/x-ndjson", "video/*")) {
            all.add(Malformed.post("type " + type, TARGET, "Content-Type: " + type + "\r\n", GOOD, type)
                    .answered(415));
        }
        all.add(Malformed.post(
                        "multipart",
                        TARGET,
                        "Content-Type: multipart/form-data; boundary=x\r\n",
                        latin("--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--\r\n"),
                        "multipart/form-data")
                .answered(415));
        all.add(Malformed.post("type nonsense", TARGET, "Content-Type: nonsense\r\n", GOOD, "nonsense")
                .answered(415));
        all.add(Malformed.post("type /", TARGET, "Content-Type: /\r\n", GOOD, "text/csv")
                .answered(415));
        for (String type : List.of("text/csv; charset=utf-16", "application/json; charset=iso-8859-1")) {
            all.add(Malformed.post(type, TARGET, "Content-Type: " + type + "\r\n", latin("1\n"), "UTF-8")
                    .answered(415));
        }
        all.add(Malformed.post(
                        "charset none",
                        TARGET,
                        "Content-Type: text/csv; charset=nonsense\r\n",
                        latin("1\n"),
                        "nonsense")
                .answered(415));
    }
}
