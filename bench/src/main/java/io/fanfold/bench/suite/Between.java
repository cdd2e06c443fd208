package io.fanfold.bench.suite;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Processes that run, and answer each record of one topic with a record of another.
 *
 * @param in the topic that they read
 * @param out the topic that they write
 * @param logs a directory with what they say
 */
record Between(String in, String out, Path logs) {
    /** What they have said so far. */
    String said() throws IOException {
        StringBuilder said = new StringBuilder();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(logs, "*.log")) {
            for (Path log : all) {
                said.append(Files.readString(log));
            }
        }
        return said.toString();
    }
}
