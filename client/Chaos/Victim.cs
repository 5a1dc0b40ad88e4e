namespace Hone.Client.Chaos;

/// <summary>Whom chaos kills: a control silo, a worker, or the client that watches.</summary>
internal enum Victim { Silo, Worker, Client }
