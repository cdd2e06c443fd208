package io.fanfold.producer.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fanfold.protocol.InvalidRequestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootsTest {
    @TempDir
    private Path directory;

    private Path root;
    private Path secret;

    @BeforeEach
    void layOut() throws IOException {
        root = Files.createDirectories(directory.resolve("data"));
        secret = Files.writeString(directory.resolve("secret.npy"), "secret");
        Files.writeString(root.resolve("x y.npy"), "x");
    }

    @Test
    void aFileBelowARootIsFoundHoweverItIsWritten() throws IOException {
        Path file = root.resolve("x y.npy").toRealPath();
        Roots roots = new Roots(List.of(directory.resolve("data/../data"), directory.resolve("data")));
        assertThat(roots.file("file://" + root + "/x%20y.npy")).isEqualTo(file);
        assertThat(roots.file("FILE:" + root + "/./x%20y.npy")).isEqualTo(file);
        assertThat(roots.file("file://" + root + "/../data/x%20y.npy")).isEqualTo(file);
    }

    @Test
    void aLinkIsFollowedWhereItLeadsBelowARoot() throws IOException {
        Path alias = Files.createSymbolicLink(directory.resolve("alias"), root);
        Files.createSymbolicLink(root.resolve("inner.npy"), root.resolve("x y.npy"));
        Roots roots = new Roots(List.of(alias));
        Path file = root.resolve("x y.npy").toRealPath();
        assertThat(roots.file("file://" + alias + "/inner.npy")).isEqualTo(file);
        assertThat(roots.file("file://" + root + "/x%20y.npy")).isEqualTo(file);
    }

    @Test
    void whatLiesElsewhereIsRefusedHoweverItIsWritten() throws IOException {
        Files.createSymbolicLink(root.resolve("out.npy"), secret);
        Files.createSymbolicLink(root.resolve("up"), directory);
        Files.createDirectories(directory.resolve("data-2"));
        Files.writeString(directory.resolve("data-2/x.npy"), "x");
        Roots roots = new Roots(List.of(root));
        for (String uri : List.of(
                "file://" + secret,
                "file://" + root + "/../secret.npy",
                "file://" + root + "/%2e%2e/secret.npy",
                "file://" + root + "/out.npy",
                "file://" + root + "/up/secret.npy",
                "file://" + directory + "/data-2/x.npy",
                "file:///etc/passwd",
                "file:///no/such/file")) {
            refused(roots, uri, "files are read below " + root + " only (--submission-root)");
        }
    }

    @Test
    void whatIsNoFileIsRefused() throws Exception {
        Roots roots = new Roots(List.of(root));
        Files.createDirectories(root.resolve("inner"));
        Process fifo = new ProcessBuilder("mkfifo", root.resolve("fifo").toString()).start();
        assertThat(fifo.waitFor(30, TimeUnit.SECONDS)).isTrue();
        refused(roots, "file://" + root + "/inner", "it is no regular file");
        refused(roots, "file://" + root, "it is no regular file");
        refused(roots, "file://" + root + "/fifo", "it is no regular file");
        refused(roots, "file://" + root + "/none.npy", "there is no such file");
        refused(roots, "file://" + root + "/a%00b", "it names no file of this machine");
        refused(roots, "file://host/x.npy", "it names no file of this machine");
        refused(roots, "data/x.npy", "it is relative");
        refused(roots, "../x.npy", "it is relative");
        refused(roots, "s3://bucket/x.npy", "s3: is not supported");
        refused(roots, "http://host/x.npy", "http: is not supported");
        refused(roots, "file:x.npy", "it names no file of this machine");
        refused(roots, "file:// ", "it is no URI");
    }

    @Test
    void withoutRootsNoFileIsRead() {
        refused(new Roots(List.of()), "file://" + root + "/x%20y.npy", "this producer reads no files");
    }

    @Test
    void aRootThatIsNoDirectoryIsRefusedAtOnce() {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> new Roots(List.of(secret)))
                .withMessage("--submission-root " + secret + " is no directory: make it, or name another");
    }

    private static void refused(Roots roots, String uri, String why) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> roots.file(uri))
                .withMessageStartingWith("uri is \"" + uri + "\"")
                .withMessageContaining(why);
    }
}
