package io.fanfold.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Paths, methods, headers and bytes that are wrong before anybody looks at an array. */
final class MalformedHttp {
    private static final String HOST = "Host: fanfold\r\nConnection: close\r\n";

    private final List<Malformed> all = new ArrayList<>();

    private MalformedHttp() {}

    static Stream<Malformed> all() {
        MalformedHttp http = new MalformedHttp();
        http.methods();
        http.paths();
        http.heads();
        http.lengths();
        return http.all.stream();
    }

    private void methods() {
        wrong("/v1/jobs", "PUT", "PATCH", "DELETE");
        wrong("/v1/jobs/x", "POST", "PUT", "PATCH");
        for (String what : List.of("result", "mask", "errors", "events", "outcomes")) {
            wrong("/v1/jobs/x/" + what, "POST", "PUT", "PATCH", "DELETE");
        }
        wrong("/v1/functions", "POST", "PUT", "DELETE");
        wrong("/v1/map/identity", "GET", "PUT", "DELETE");
        wrong("/openapi.yaml", "POST", "DELETE");
        wrong("/docs", "POST", "PUT");
        wrong("/health", "POST", "DELETE");
        all.add(Malformed.to("BREW", "/v1/jobs", 405, "BREW"));
        all.add(Malformed.to("TRACE", "/v1/jobs", 405, "TRACE"));
        all.add(Malformed.to("OPTIONS", "/v1/jobs", 405, "OPTIONS"));
    }

    private void wrong(String path, String... methods) {
        for (String method : methods) {
            all.add(Malformed.to(method, path, 405, method, path));
        }
    }

    private void paths() {
        for (String path : List.of(
                "/",
                "/v1",
                "/v2/jobs",
                "/v1/nothing",
                "/v1/jobs/a/b/c",
                "/v1/jobs/x/nothing",
                "/V1/jobs",
                "//v1/jobs",
                "/v1//jobs",
                "/etc/passwd",
                "/v1/jobs/../../etc/passwd",
                "/v1/map",
                "/docs/x",
                "/META-INF/swagger/fanfold.yml",
                "/application.yml",
                "/prometheus/x/y")) {
            all.add(Malformed.get(path, 404, path));
        }
        for (String job : List.of(
                "..%2F..%2Fetc%2Fpasswd",
                "%2e%2e",
                "..",
                "%00",
                "a%00b",
                "a%2Fb",
                "%2Fetc%2Fpasswd",
                "a.npy",
                "a%20b",
                "%F0%9F%98%80",
                "%C3%A9",
                "x".repeat(65),
                "a%0Ab",
                "a%5Cb",
                "*",
                "a:b",
                "%E2%80%AE")) {
            for (String what : List.of("", "/result")) {
                all.add(Malformed.get("/v1/jobs/" + job + what, 404, "job id"));
            }
        }
        for (String broken : List.of("%zz", "%", "%2", "a%g0")) {
            all.add(Malformed.get("/v1/jobs/" + broken, 400, "malformed at character"));
        }
        all.add(Malformed.get("/v1/jobs/a b", 400, "not HTTP"));
        all.add(Malformed.get("/v1/jobs/a\\b", 400, "Illegal character"));
        all.add(Malformed.get("/v1/jobs/{x}", 400, "Illegal character"));
        all.add(Malformed.get("/v1/jobs/\u00e9", 404, "job id"));
        all.add(Malformed.get("v1/jobs", 404, "v1/jobs"));
        all.add(Malformed.get("http://elsewhere/v1/nothing", 404, "/v1/nothing"));
    }

    private void heads() {
        String get = "GET /v1/jobs HTTP/1.1\r\n";
        all.add(Malformed.raw("no HTTP", "hello\r\n\r\n", 400, "not HTTP"));
        all.add(Malformed.raw("a method alone", "GET\r\n\r\n", 400, "not HTTP"));
        all.add(Malformed.raw("no version", "GET /v1/jobs\r\n\r\n", 400, "not HTTP"));
        all.add(Malformed.raw("another protocol", "GET /v1/jobs FTP/1.1x\r\n\r\n", 400, "not HTTP"));
        all.add(Malformed.raw("version x", "GET /v1/jobs HTTP/x\r\n\r\n", 400, "not HTTP"));
        all.add(Malformed.raw("TLS", "\u0016\3\1\2\0\1\0\1\u00fc\3\3\r\n\r\n", 400, "not HTTP"));
        all.add(Malformed.raw("a header without a colon", get + HOST + "nonsense\r\n\r\n", 400, "not HTTP"));
        all.add(Malformed.raw("a header with a blank name", get + HOST + "a b: c\r\n\r\n", 400, "not HTTP"));
        all.add(Malformed.raw("a header without a name", get + HOST + ": c\r\n\r\n", 400, "not HTTP"));
        all.add(Malformed.raw("NUL in a header", get + HOST + "a: b\0c\r\n\r\n", 400, "not HTTP"));
        all.add(Malformed.raw("NUL in a header's name", get + HOST + "a\0: b\r\n\r\n", 400, "not HTTP"));
        all.add(Malformed.raw("a header in Latin", get + HOST + "\u00e9: b\r\n\r\n", 400, "not HTTP"));
        all.add(Malformed.raw(
                "a header of 20 kB", get + HOST + "a: " + "b".repeat(20_000) + "\r\n\r\n", 431, "headers"));
        all.add(Malformed.raw(
                "2000 headers", get + HOST + "some-header: some value\r\n".repeat(2000) + "\r\n", 431, "headers"));
        all.add(Malformed.raw(
                "an address of 20 kB",
                "GET /v1/jobs?key=" + "k".repeat(20_000) + " HTTP/1.1\r\n" + HOST + "\r\n",
                414,
                "address"));
        all.add(Malformed.raw(
                "a path of 20 kB", "GET /" + "../".repeat(7000) + " HTTP/1.1\r\n" + HOST + "\r\n", 414, "address"));
        all.add(Malformed.raw("what cannot be served", get + HOST + "Accept: image/png\r\n\r\n", 406, "image/png"));
        all.add(Malformed.raw(
                "what cannot be served of functions",
                "GET /v1/functions HTTP/1.1\r\n" + HOST + "Accept: text/csv\r\n\r\n",
                406,
                "text/csv"));
    }

    private void lengths() {
        String post = "POST /v1/jobs?function=identity HTTP/1.1\r\n" + HOST;
        for (String length : List.of("-1", "x", "1e3", "99999999999999999999", "0x10", "1 2", "", "1,2")) {
            all.add(Malformed.raw(
                    "Content-Length: " + length,
                    post + "Content-Length: " + length + "\r\n\r\n0123456789",
                    400,
                    "Content-Length"));
        }
        all.add(Malformed.raw(
                "two lengths",
                post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n0123456789",
                400,
                "Content-Length"));
        all.add(Malformed.raw(
                "a length and chunks",
                post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                400,
                "Content-Length"));
        all.add(Malformed.raw(
                "no size of a chunk",
                post + "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
                400,
                "body of the request"));
        all.add(Malformed.raw(
                "a negative chunk",
                post + "Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
                400,
                "body of the request"));
        all.add(Malformed.raw(
                "an endless chunk",
                post + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nhello\r\n0\r\n\r\n",
                400,
                "body of the request"));
        all.add(Malformed.raw(
                "a chunk that is longer than it says",
                post + "Transfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n",
                400,
                "body of the request"));
        all.add(Malformed.raw(
                "chunks of nothing", post + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "body of the request"));
        all.add(Malformed.raw(
                "an encoding that is none",
                post + "Transfer-Encoding: nonsense\r\n\r\nhello",
                400,
                "body of the request"));
        all.add(Malformed.raw(
                "more than may come", post + "Content-Length: 9999999999999\r\n\r\n", 413, "--max-body-bytes"));
    }
}
