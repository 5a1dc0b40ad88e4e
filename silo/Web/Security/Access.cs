using Hone.Contracts;

namespace Hone.Silo.Web.Security;

/// <summary>Who may use a route: anyone, or whoever has a role that includes this one; a node's routes are those of the device that they name, and of an operator.</summary>
internal enum Access { Anyone, Node, Viewer, Operator, Admin }

/// <summary>Policies by the names that routes carry.</summary>
internal static class AccessPolicy
{
    public static string Of(Access access) => $"hone-{access}";

    /// <summary>The role that it takes; null: none.</summary>
    public static AccessRole? Role(Access access) => access switch
    {
        Access.Anyone => null,
        Access.Viewer => AccessRole.Viewer,
        Access.Node => AccessRole.Operator,
        Access.Operator => AccessRole.Operator,
        _ => AccessRole.Admin,
    };

    /// <summary>Whether a device speaks for itself: it is the one that the path names.</summary>
    public static bool Speaks(Grant grant, HttpContext? request) => grant is { Role: AccessRole.Device, Device: { } device } && request?.GetRouteValue("name") as string == device;
}
