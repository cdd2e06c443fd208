package io.fanfold.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Good arrays with options that are wrong, and wrong options of other routes. */
final class MalformedOptions {
    private static final byte[] GOOD =
            MalformedArrays.npy("{'descr': '<f8', 'fortran_order': False, 'shape': (6, 2), }", 96);

    private final List<Malformed> all = new ArrayList<>();

    private MalformedOptions() {}

    static Stream<Malformed> all() {
        MalformedOptions options = new MalformedOptions();
        options.functions();
        options.numbers();
        options.words();
        options.parameters();
        options.keys();
        options.others();
        return options.all.stream();
    }

    private void post(String target, String... named) {
        all.add(Malformed.post("options " + target, target, "", GOOD, named));
    }

    private void option(String option, String... named) {
        post("/v1/jobs?function=identity&" + option, named);
    }

    private void functions() {
        post("/v1/jobs", "which function");
        post("/v1/jobs?", "which function");
        post("/v1/jobs?function=", "which function");
        post("/v1/jobs?function=%20", "which function");
        post("/v1/jobs?function=nope", "nope", "identity");
        post("/v1/jobs?function=identity@9", "identity@9");
        post("/v1/jobs?function=identity@", "identity@");
        post("/v1/jobs?function=..%2F..%2Fetc%2Fpasswd", "passwd");
        post("/v1/jobs?function=identity&function=sqrt", "function", "2 times");
        post("/v1/jobs?function=%00", "function");
        post("/v1/map/nope", "nope");
        post("/v1/map/identity?function=sqrt", "function", "path");
    }

    private void numbers() {
        for (String name : List.of("chunks", "chunk-bytes", "axis", "error-budget")) {
            String more = name.equals("error-budget") ? "&errors=keep-going" : "";
            for (String value : List.of("x", "1.5", "", "99999999999", "1e3", "%20", "0x10", "1%002")) {
                option(name + "=" + value + more, name);
            }
        }
        for (String name : List.of("chunks", "chunk-bytes")) {
            option(name + "=0", name);
            option(name + "=-1", name);
        }
        option("axis=2", "axis 2");
        option("axis=-3", "axis -3");
        option("error-budget=-1&errors=keep-going", "error-budget", "-1");
        option("error-budget=1", "errors=keep-going");
        option("chunks=2&chunk-bytes=1000", "exclude one another");
        for (String name : List.of("time-to-live", "chunk-timeout")) {
            for (String value : List.of("0", "-1", "x", "", "NaN", "Infinity", "1e300", "-0")) {
                option(name + "=" + value, name);
            }
        }
    }

    private void words() {
        option("strategy=magic", "magic");
        option("strategy=", "strategy");
        option("errors=ignore", "ignore", "keep-going");
        option("errors=", "errors");
        option("fold=", "fold");
        option("pool=nope", "nope");
        option("pool=", "no worker of pool");
        option("pool=a%20b", "a b");
        option("chunkz=9", "chunkz", "chunks");
        option("Chunks=9", "Chunks");
        option("=9", "9");
        option("dtype=float64", "dtype");
        option("delimiter=;", "delimiter");
        option("key=mine", "key");
        option("timeout=5", "timeout");
        option("chunks=2&chunks=3", "chunks", "2 times");
        option("%zz=1", "malformed");
        option("chunks=%zz", "malformed");
        option("chunks=%", "malformed");
        option("x=" + "y".repeat(5000), "x");
    }

    private void parameters() {
        option("param.k=1", "k");
        option("param.=1", "no parameter");
        option("param=1", "param");
        post("/v1/jobs?function=scale&param.factor=x", "factor", "x");
        post("/v1/jobs?function=scale&param.factor=", "factor");
        post("/v1/jobs?function=scale", "factor");
        post("/v1/jobs?function=scale&param.factor=1&param.factor=2", "param.factor", "2 times");
        post("/v1/jobs?function=sleep&param.ms=-1", "ms", "-1");
        post("/v1/jobs?function=sleep&param.ms=1.5", "ms", "1.5");
    }

    private void keys() {
        for (String key : List.of("k".repeat(257), "a\tb")) {
            all.add(Malformed.post(
                    "a key of " + key.length(),
                    "/v1/jobs?function=identity",
                    "Idempotency-Key: " + key + "\r\n",
                    GOOD,
                    "key"));
        }
        all.add(Malformed.post("an empty key", "/v1/jobs?function=identity", "Idempotency-Key:\r\n", GOOD, "key"));
    }

    private void others() {
        for (String value : List.of("0", "-1", "x", "10001", "99999999999999999999", "1.5", "")) {
            all.add(Malformed.get("/v1/jobs?limit=" + value, 400, "limit"));
        }
        all.add(Malformed.get("/v1/jobs?state=nonsense", 400, "nonsense", "RUNNING"));
        all.add(Malformed.get("/v1/jobs?state=", 400, "state"));
        all.add(Malformed.get("/v1/jobs?limt=5", 400, "limt", "limit"));
        all.add(Malformed.get("/v1/jobs?key=a&key=b", 400, "key", "2 times"));
        all.add(Malformed.get("/v1/jobs?key=%zz", 400, "malformed"));
        all.add(Malformed.get("/v1/functions?pool=default", 400, "pool"));
        all.add(Malformed.get("/v1/jobs/x/outcomes?values=maybe", 400, "values", "maybe"));
        all.add(Malformed.get("/v1/jobs/x/outcomes?value=false", 400, "value"));
        all.add(Malformed.get("/v1/jobs/x?verbose=1", 400, "verbose"));
        all.add(Malformed.get("/v1/jobs/x/result?from=1", 400, "from"));
        all.add(Malformed.get("/v1/jobs/x/events?since=1", 400, "since"));
        for (String value : List.of("0", "-1", "x", "")) {
            post("/v1/map/identity?timeout=" + value, "timeout");
        }
    }
}
