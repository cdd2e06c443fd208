package io.fanfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.protocol.rights.Grants;
import io.fanfold.protocol.rights.Role;
import io.fanfold.protocol.wire.Topics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.utils.internals.SecurityUtils;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What each role has to be allowed, as it is printed. */
final class RightsCommandTest {
    private static final Pattern OPERATION = Pattern.compile("--operation (\\w+)");

    private static String printed(String... words) {
        StringWriter out = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out));
        assertThat(line.execute(words)).isZero();
        return out.toString();
    }

    @Test
    void theGuideHasTheTableThatIsPrinted() throws Exception {
        String table = printed("topics", "rights")
                .lines()
                .takeWhile(l -> !l.isEmpty())
                .map(String::strip)
                .toList()
                .toString();
        String guide = Files.readString(Path.of("..", "docs", "guide", "security.md"));

        assertThat(guide.lines()
                        .dropWhile(line -> !line.startsWith("ROLE"))
                        .takeWhile(line -> !line.startsWith("```"))
                        .map(String::strip)
                        .toList()
                        .toString())
                .isEqualTo(table);
    }

    @Test
    void forProgramsARightIsALine() {
        int all = Arrays.stream(Role.values())
                .mapToInt(role ->
                        Grants.of(role, Topics.DEFAULT, Set.of("default")).size())
                .sum();
        assertThat(printed("topics", "rights", "--json").lines())
                .hasSize(all)
                .allMatch(l -> l.startsWith("{\"role\":"));
        assertThat(printed("topics", "rights", "--json", "--role", "worker", "--pool", "gpu", "--topic-prefix", "x")
                        .lines())
                .contains(
                        "{\"role\":\"worker\",\"resource\":\"TOPIC\",\"name\":\"x.chunks.gpu\",\"pattern\":\"LITERAL\","
                                + "\"operation\":\"READ\",\"need\":\"work\"}")
                .contains("{\"role\":\"worker\",\"resource\":\"GROUP\",\"name\":\"*\",\"pattern\":\"LITERAL\","
                        + "\"operation\":\"DESCRIBE\",\"need\":\"purge\"}");
    }

    @Test
    void commandsAreThoseOfKafkasTool() {
        String all = printed("topics", "rights", "--bootstrap-server", "k:1");
        List<String> operations =
                OPERATION.matcher(all).results().map(m -> m.group(1)).toList();
        assertThat(operations)
                .isNotEmpty()
                .allSatisfy(word -> assertThat(SecurityUtils.operation(word)).isNotEqualTo(AclOperation.UNKNOWN));
        assertThat(printed(
                        "topics",
                        "rights",
                        "--role",
                        "AGGREGATOR",
                        "--principal",
                        "User:CN=a,O=b",
                        "--bootstrap-server",
                        "k:1"))
                .contains(
                        "kafka-acls.sh --bootstrap-server k:1 --add --allow-principal 'User:CN=a,O=b' --operation Write"
                                + " --transactional-id fanfold.aggregator. --resource-pattern-type prefixed")
                .contains("--operation Describe --group '*'")
                .doesNotContain("worker");
    }
}
