package io.fanfold.testkit;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An S3 service on this machine, for tests: s3proxy in a JVM of its own, which checks signatures as Amazon does and keeps objects in
 * memory. It ends with this JVM, or when it is closed. Any thread.
 */
public final class S3Server implements AutoCloseable {
    private static final String ID = "tester";
    private static final String SECRET = "secret-of-the-tester";
    private static final String REGION = "us-east-1";

    /** The credentials that it knows, as environment variables of the AWS SDK. */
    public static final Map<String, String> ENVIRONMENT =
            Map.of("AWS_ACCESS_KEY_ID", ID, "AWS_SECRET_ACCESS_KEY", SECRET, "AWS_REGION", REGION);

    /** The credentials that it knows, as system properties of the AWS SDK. */
    public static final Map<String, String> PROPERTIES =
            Map.of("aws.accessKeyId", ID, "aws.secretAccessKey", SECRET, "aws.region", REGION);

    private static final Pattern STARTED =
            Pattern.compile("Started ServerConnector@\\w+\\{.*\\{127\\.0\\.0\\.1:(\\d+)}");

    private final Process process;
    private final URI endpoint;

    private S3Server(Process process, URI endpoint) {
        this.process = process;
        this.endpoint = endpoint;
    }

    /**
     * Starts one on a free port.
     *
     * @param directory where its settings and its log go
     */
    public static S3Server start(Path directory) throws IOException {
        Path settings = Files.write(
                directory.resolve("s3proxy.conf"),
                List.of(
                        "s3proxy.endpoint=http://127.0.0.1:0",
                        "s3proxy.authorization=aws-v2-or-v4",
                        "s3proxy.identity=" + ID,
                        "s3proxy.credential=" + SECRET,
                        "jclouds.provider=transient-nio2",
                        "jclouds.identity=none",
                        "jclouds.credential=none"));
        Path log = directory.resolve("s3proxy.log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-jar",
                        jar().toString(),
                        "--properties",
                        settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        await().atMost(Duration.ofSeconds(60)).until(() -> port(log).find() || !process.isAlive());
        Matcher port = port(log);
        if (!port.find()) {
            throw new IOException("the S3 server ended: " + Files.readString(log));
        }
        return new S3Server(process, URI.create("http://127.0.0.1:" + port.group(1)));
    }

    private static Matcher port(Path log) throws IOException {
        return STARTED.matcher(Files.readString(log));
    }

    /** Beside this module's classes, or its jar, where the build puts it. */
    private static Path jar() throws IOException {
        try {
            Path classes = Path.of(S3Server.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path jar = classes.resolveSibling("s3proxy.jar");
            if (!Files.isRegularFile(jar)) {
                throw new IOException(jar + " is missing: build with -am, so that the testkit is built too");
            }
            return jar;
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    /** Where it listens. */
    public URI endpoint() {
        return endpoint;
    }

    /** Stops it; what it keeps is gone. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
