package io.fanfold.deploy.kubernetes;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.JSON;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Kubernetes' own resources, by the models of its client. */
final class KubernetesModels implements Schema {
    private static final String CLIENT = "io.kubernetes.client.openapi.";

    KubernetesModels() {
        JSON.setGson(JSON.createGson().create());
    }

    @Override
    public Optional<List<String>> problems(Manifest manifest) {
        return model(manifest).map(model -> problems(manifest, model));
    }

    /** The model, if the API's group has such a kind: models are named by version and kind alone. */
    private static Optional<Class<?>> model(Manifest manifest) {
        String named = manifest.apiVersion();
        String version = capital(named.substring(named.indexOf('/') + 1));
        String group = named.contains("/") ? capital(named.replaceFirst("[./].*", "")) : "Core";
        try {
            Class<?> api = Class.forName(CLIENT + "apis." + group + version + "Api");
            String create = "createNamespaced" + manifest.kind();
            return Stream.of(api.getMethods()).map(Method::getName).anyMatch(create::equals)
                    ? Optional.of(Class.forName(CLIENT + "models." + version + manifest.kind()))
                    : Optional.empty();
        } catch (ClassNotFoundException e) {
            return Optional.empty();
        }
    }

    private static List<String> problems(Manifest manifest, Class<?> model) {
        JsonElement given = JsonParser.parseString(manifest.tree().toString());
        List<String> problems = new ArrayList<>();
        try {
            model.getMethod("validateJsonElement", JsonElement.class).invoke(null, given);
            Object read = JSON.deserialize(given.toString(), model);
            compare("", given, JsonParser.parseString(JSON.serialize(read)), problems);
        } catch (InvocationTargetException e) {
            problems.add(String.valueOf(e.getCause().getMessage()));
        } catch (ReflectiveOperationException | RuntimeException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        return problems;
    }

    /** The models take a number for a text and a text for a number, which the API server does not: written again they differ. */
    private static void compare(String path, JsonElement given, JsonElement read, List<String> problems) {
        if (given.isJsonObject() && read != null && read.isJsonObject()) {
            given.getAsJsonObject()
                    .entrySet()
                    .forEach(e -> compare(
                            path + "/" + e.getKey(),
                            e.getValue(),
                            read.getAsJsonObject().get(e.getKey()),
                            problems));
        } else if (given.isJsonArray() && read != null && read.isJsonArray()) {
            for (int i = 0; i < given.getAsJsonArray().size(); i++) {
                compare(
                        path + "/" + i,
                        given.getAsJsonArray().get(i),
                        read.getAsJsonArray().get(i),
                        problems);
            }
        } else if (!type(given).equals(type(read))) {
            problems.add(path + " is " + given + ", which is of type " + type(given) + "; it is taken for "
                    + (read == null ? "nothing" : type(read)));
        }
    }

    private static String type(JsonElement element) {
        if (element == null || !element.isJsonPrimitive()) {
            return element == null ? "nothing" : element.getClass().getSimpleName();
        }
        return element.getAsJsonPrimitive().isNumber()
                ? "number"
                : element.getAsJsonPrimitive().isBoolean() ? "boolean" : "text";
    }

    private static String capital(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }
}
