// Subscribes to every topic of a broker over TLS and discards what arrives: the least that a client of libmosquitto can do.
//
//     receiver PORT CA_FILE
#include <mosquitto.h>
#include <stdio.h>
#include <stdlib.h>

static void connected(struct mosquitto *client, void *object, int code) {
    (void)object;
    if (code != 0) exit(1);
    mosquitto_subscribe(client, NULL, "device/+/report", 0);
}

static void subscribed(struct mosquitto *client, void *object, int id, int count, const int *granted) {
    (void)client, (void)object, (void)id, (void)count, (void)granted;
    puts("subscribed");
    fflush(stdout);
}

static void received(struct mosquitto *client, void *object, const struct mosquitto_message *message) {
    (void)client, (void)object, (void)message;
}

int main(int count, char **arguments) {
    if (count != 3) return 2;
    mosquitto_lib_init();
    struct mosquitto *client = mosquitto_new(NULL, true, NULL);
    if (client == NULL) return 1;
    mosquitto_connect_callback_set(client, connected);
    mosquitto_subscribe_callback_set(client, subscribed);
    mosquitto_message_callback_set(client, received);
    if (mosquitto_tls_set(client, arguments[2], NULL, NULL, NULL, NULL) != MOSQ_ERR_SUCCESS) return 1;
    if (mosquitto_connect(client, "127.0.0.1", atoi(arguments[1]), 60) != MOSQ_ERR_SUCCESS) return 1;
    return mosquitto_loop_forever(client, -1, 1) == MOSQ_ERR_SUCCESS ? 0 : 1;
}
