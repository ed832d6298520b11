import type { Enum, Field, Namespace, ReflectionObject, Service, Type } from "protobufjs";

/** google.protobuf.FieldDescriptorProto.Type */
const TYPES: Readonly<Record<string, number>> = {
  double: 1,
  float: 2,
  int64: 3,
  uint64: 4,
  int32: 5,
  fixed64: 6,
  fixed32: 7,
  bool: 8,
  string: 9,
  bytes: 12,
  uint32: 13,
};
const MESSAGE = 11;
const ENUM = 14;

const OPTIONAL = 1;
const REPEATED = 3;

/**
 * A google.protobuf.FileDescriptorProto of what one file declares. protobufjs' own has neither the names of map entries
 * nor those of types as tools expect them.
 * @param declared objects of one package, resolved
 */
export function fileDescriptor(
  name: string,
  packageName: string,
  imports: readonly string[],
  declared: readonly ReflectionObject[],
): object {
  const { messages, enums } = split(declared);
  return {
    name,
    package: packageName,
    dependency: imports,
    message_type: messages.map(messageDescriptor),
    enum_type: enums.map(enumDescriptor),
    service: declared.filter((object): object is Service => "methods" in object).map(serviceDescriptor),
    syntax: "proto3",
  };
}

function split(declared: readonly ReflectionObject[]): { messages: Type[]; enums: Enum[] } {
  return {
    messages: declared.filter((object): object is Type => "fields" in object),
    enums: declared.filter((object): object is Enum => "values" in object),
  };
}

function messageDescriptor(type: Type): object {
  const { messages, enums } = split(type.nestedArray);
  const entries = type.fieldsArray.filter(isMap);
  return {
    name: type.name,
    field: type.fieldsArray.map((field) => fieldDescriptor(field, type)),
    nested_type: [...messages.map(messageDescriptor), ...entries.map(entryDescriptor)],
    enum_type: enums.map(enumDescriptor),
    oneof_decl: type.oneofsArray.map(({ name }) => ({ name })),
  };
}

function fieldDescriptor(field: Field, parent: Type): object {
  const oneof = field.partOf ? parent.oneofsArray.indexOf(field.partOf) : -1;
  const type = field.map
    ? { type: MESSAGE, type_name: `${parent.fullName}.${entryName(field.name)}` }
    : valueType(field);
  return {
    name: field.name,
    number: field.id,
    label: field.repeated || field.map ? REPEATED : OPTIONAL,
    json_name: camelCase(field.name),
    ...type,
    ...(oneof >= 0 && { oneof_index: oneof }),
  };
}

function valueType(field: Field): object {
  const { resolvedType } = field;
  if (!resolvedType) return { type: TYPES[field.type] };
  return { type: "values" in resolvedType ? ENUM : MESSAGE, type_name: resolvedType.fullName };
}

/** A map is a repeated message of keys and values. */
function entryDescriptor(field: MapOfField): object {
  const key = { name: "key", number: 1, label: OPTIONAL, json_name: "key", type: TYPES[field.keyType] };
  const value = { name: "value", number: 2, label: OPTIONAL, json_name: "value", ...valueType(field) };
  return { name: entryName(field.name), field: [key, value], options: { map_entry: true } };
}

function enumDescriptor({ name, values }: Enum): object {
  return { name, value: Object.entries(values).map(([key, number]) => ({ name: key, number })) };
}

function serviceDescriptor(service: Service): object {
  return {
    name: service.name,
    method: service.methodsArray.map((method) => ({
      name: method.name,
      input_type: method.resolvedRequestType!.fullName,
      output_type: method.resolvedResponseType!.fullName,
      client_streaming: method.requestStream === true,
      server_streaming: method.responseStream === true,
    })),
  };
}

type MapOfField = Field & { readonly keyType: string };

function isMap(field: Field): field is MapOfField {
  return field.map;
}

function camelCase(name: string): string {
  return name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function entryName(field: string): string {
  const camel = camelCase(field);
  return `${camel.charAt(0).toUpperCase()}${camel.slice(1)}Entry`;
}

/** What a package declares itself. */
export function membersOf(namespace: Namespace, names: ReadonlySet<string>): ReflectionObject[] {
  return namespace.nestedArray.filter(({ name }) => names.has(name));
}
