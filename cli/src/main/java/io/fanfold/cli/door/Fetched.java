package io.fanfold.cli.door;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A job's result as files of this machine.
 *
 * @param mask true for the rows of failed chunks, where there are any
 * @param errors why they failed
 */
public record Fetched(Path result, Optional<Path> mask, Optional<Path> errors) {}
