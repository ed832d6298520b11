/** All that is made with Kafka's library: it is loaded where it is used, and bundled apart from the server. */
export { KafkaSink } from "../payload-log/kafka-sink";
export { createKafkaQueue } from "./kafka-queue";
